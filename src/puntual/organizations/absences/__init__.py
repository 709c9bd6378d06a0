"""Absences: who is away from when until when, and who does their work meanwhile."""
