"""What others collect for us (an agency, legal), and what is given up: placements, recalls, and proposals to write off."""
