"""Points and lanes of a lorry. They suggest, are kept with the scan, and decide nothing."""
