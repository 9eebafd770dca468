"""Every figure of the tutorial. Nothing else in `em` imports matplotlib."""
