"""The sample organization of `puntual demo`: an HR consultancy in Lima, made from a seed and the same every time."""
