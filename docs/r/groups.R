x <- as.matrix(faithful)  # R has the 272 eruptions themselves
mean <- rbind(c(3, 60), c(3, 80))  # a guess: a row for each group
cov <- rep(list(diag(c(1, 64))), nrow(mean))
weight <- rep(1 / nrow(mean), nrow(mean))

for (iteration in 1:30) {
  # E-step: log of weight times density, a column for each group
  log_joint <- sapply(seq_along(weight), function(k) {
    square <- mahalanobis(x, mean[k, ], cov[[k]])
    log(weight[k]) - (square + log(det(cov[[k]]))) / 2
  })
  r <- exp(log_joint - apply(log_joint, 1, max))
  r <- r / rowSums(r)
  # M-step: weights, weighted means and weighted covariances
  weight <- colMeans(r)
  shares <- sweep(r, 2, colSums(r), "/")
  mean <- t(shares) %*% x
  cov <- apply(shares, 2, function(share)
    cov.wt(x, share, method = "ML")$cov, simplify = FALSE)
}

cat("weights", round(weight, 3), "means", round(t(mean), 2), "\n")
