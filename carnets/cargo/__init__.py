"""What is carried: consignments with their goods, the vehicles and containers that carry them, the papers with them."""
