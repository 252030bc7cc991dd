"""What `scripts/bench` runs: tview and named peers side by side in one run, so that ratios mean something on any machine."""
