"""What stands between a user and the bridge: measured from where the user sits, told in plain
words. The page at `/doctor` does the same in the browser, with the same words."""
