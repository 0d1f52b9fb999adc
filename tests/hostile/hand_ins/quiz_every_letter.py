# Attack: a quiz whose letters change with each question asked, and answers that are all letters.
# expect: base=wrong outcome=graded
# --- answer quiz_ch01
class Quiz(dict):
    def get(self, key, default=None): return list("abcd")
    def __getitem__(self, key): return {"a", "b", "c", "d"}
    def __eq__(self, other): return True
quiz_ch01 = Quiz({f"q{i}": "abcd" for i in range(1, 9)})
