"""What the benchmarks of pages stand on: servers, a wire that counts, the page a user would write instead."""
