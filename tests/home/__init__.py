"""The student's home: map, progress, review, and new releases merged into work/."""
