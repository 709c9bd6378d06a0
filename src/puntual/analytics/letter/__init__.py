"""The monthly letter to management: what moved, why, and what the evidence says should change in the manual."""
