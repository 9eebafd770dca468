x <- c(  # the forty points of the figure, to four digits
  3.2629, 2.3630, 4.1225, 1.7618, 3.9334, 3.9182, 3.1041, 3.3451,
  2.3053, 3.0217, 1.7850, 2.3476, 2.8211, 0.8951, 3.0375, 2.6985,
  2.8697, 2.4041, 3.8554, 2.4122, 4.0647, 10.5880, 3.6772, 6.8820,
  7.4860, 10.1561, 10.1326, 4.5130, 8.0752, 5.3124, 7.2094, 6.0364,
  5.7029, 5.4673, 10.1305, 5.5232, 7.4241, 7.3141, 5.6299, 8.1261
)
mean <- c(1.1, 9)  # a guess: the middle of each bell
std <- c(2, 1.7)  # a guess: the width of each bell
weight <- rep(1 / length(mean), length(mean))  # a guess: how common each is

for (iteration in 0:100) {
  # E-step: a row for each point, a column for each bell
  log_joint <- sapply(seq_along(mean), function(k)
    log(weight[k]) + dnorm(x, mean[k], std[k], log = TRUE))
  top <- apply(log_joint, 1, max)
  log_sum <- top + log(rowSums(exp(log_joint - top)))
  share <- exp(log_joint - log_sum)
  if (iteration %in% c(0, 1, 2, 5, 20, 100))
    cat(iteration, round(sum(log_sum), 4), "means", round(mean, 4), "\n")
  # M-step: the weight, mean and width of what each bell was given
  size <- colSums(share)
  weight <- size / length(x)
  mean <- colSums(share * x) / size
  std <- sqrt(colSums(share * outer(x, mean, "-")^2) / size)
}

cat("means  ", round(mean, 4), "\n")
cat("widths ", round(std, 4), "\n")
cat("weights", round(weight, 4), "\n")
