# Attack: imports the grader and the chapter's exercises instead of answering.
# expect: base=wrong outcome=graded
# --- cell
import sys
sys.path[:0] = ["ROOT", "ROOT/solutions/ch01_perceptron"]
try:
    from autograder import chapters
    for name, exercise in chapters.load("ch01_perceptron").exercises.items():
        globals()[name] = exercise.answer.function
except Exception as error:
    print(type(error).__name__)
try:
    import exercises
except Exception as error:
    print(type(error).__name__)
