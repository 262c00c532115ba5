"""The scripts beside the stored references need torch; they are run by hand, not collected."""

collect_ignore_glob = ["make_*.py"]
