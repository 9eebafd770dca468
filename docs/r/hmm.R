digits <- "458701211443057212412161036460011001530100001221151522343455"
sold <- as.numeric(strsplit(digits, "")[[1]])  # umbrellas, day by day
rate <- c(1, 4)  # a guess: a dry day, a wet day
start <- rep(1 / length(rate), length(rate))
move <- 0.6 * diag(length(rate)) + 0.4 * start  # a row for each day before

for (iteration in 1:50) {
  # E-step: forward, backward, and both together
  p <- sapply(rate, function(one) exp(-one) * one^sold)  # but for 1 / x!
  f <- b <- matrix(1, length(sold), length(rate))
  f[1, ] <- start * p[1, ]
  for (t in 2:length(sold)) f[t, ] <- (f[t - 1, ] %*% move) * p[t, ]
  for (t in length(sold):2) b[t - 1, ] <- move %*% (p[t, ] * b[t, ])
  all_days <- sum(f[length(sold), ])  # the likelihood
  state <- f * b / all_days
  moves <- move * (t(head(f, -1)) %*% tail(p * b, -1)) / all_days
  # M-step: count the first day, the moves, and each state's umbrellas
  start <- state[1, ]
  move <- moves / rowSums(moves)
  rate <- colSums(state * sold) / colSums(state)
}

cat("rates", round(rate, 4), "stay", round(diag(move), 4), "\n")
