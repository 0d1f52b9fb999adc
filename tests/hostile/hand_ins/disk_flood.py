# Attack: fills every disk that it can write to.
# expect: base=right outcome=graded
# --- cell
for place in ("/tmp", "/dev/shm", "."):
    with open(f"{place}/flood", "wb") as file:
        while True:
            try:
                file.write(b"x" * 10_000_000)
            except OSError as error:
                print(error)
                break
