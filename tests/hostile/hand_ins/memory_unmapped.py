# Attack: shared memory that is filled and unmapped, so that no process seems to hold it.
# expect: base=right outcome=graded|out_of_memory|crashed|timeout
# --- cell
import mmap, os, time
def grab(shared):
    for start in range(0, len(shared), 4 << 20):
        shared[start:start + (4 << 20)] = b"x" * (4 << 20)
        shared.madvise(mmap.MADV_DONTNEED, start, 4 << 20)
try:
    for _ in range(4):
        if os.fork() == 0:
            try:
                grab(mmap.mmap(-1, 512 << 20))
                time.sleep(5)
            finally:
                os._exit(0)
    grab(mmap.mmap(os.open("/dev/zero", os.O_RDWR), 512 << 20))
except OSError as error:
    print(error)
