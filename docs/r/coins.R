heads <- c(5, 9, 8, 4, 7)  # in each round
tails <- 10 - heads
theta <- c(0.6, 0.5)  # a guess: coin A, coin B
weight <- rep(1 / length(theta), length(theta))  # how common each is

for (iteration in 0:9) {
  # E-step: a row for each round, a column for each coin
  joint <- sapply(seq_along(theta), function(k)
    weight[k] * theta[k]^heads * (1 - theta[k])^tails)
  share <- joint / rowSums(joint)
  log_likelihood <- sum(log(rowSums(joint)))
  cat(iteration, round(theta, 4), round(log_likelihood, 3), "\n")
  # M-step: heads credited to a coin, divided by flips credited to it
  theta <- colSums(share * heads) / colSums(share * (heads + tails))
}

cat("in the end:", round(theta, 4), "\n")
