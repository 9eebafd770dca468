// The words of who searches become words of these pages. The build puts this before the
// theme's worker for the search, so that it hears each message first.
"use strict";
{
  const SETUP = 0, QUERY = 2;
  const counts = new Map();

  const learn = ({ title, text, tags = [] }) => {
    const all = `${title} ${text} ${tags.join(" ")}`.replace(/<[^>]*>/g, " ");
    for (const word of all.toLowerCase().match(/\p{L}{3,}/gu) ?? [])
      counts.set(word, (counts.get(word) ?? 0) + 1);
  };

  // Does one letter more, less, other, or exchanged with its neighbour make one the other?
  const near = (one, other) => {
    let i = 0;
    while (i < one.length && one[i] === other[i]) i++;
    const a = one.slice(i), b = other.slice(i);
    return a.slice(1) === b.slice(1) || a.slice(1) === b || a === b.slice(1) ||
      (a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2));
  };

  const meant = (word) => {
    const british = word.toLowerCase().replace(/(?<=\p{L}{3})iz(?=[eai])/u, "is");
    const words = [...counts.keys()];
    if (word.length < 4 || words.some((known) => known.startsWith(british)))
      return british;
    const close = words.filter((known) => near(british, known));
    return close.sort((a, b) => counts.get(b) - counts.get(a))[0] ?? word;
  };

  addEventListener("message", ({ data }) => {
    if (data.type === SETUP) data.data.docs.forEach(learn);
    if (data.type === QUERY) data.data = data.data.replace(/\p{L}+/gu, meant);
  });
}
