"""A rush on the shop: many clients at once do everything that is done to orders, and the books are asked afterwards."""
