# Oddity: top-level await, threads and a process pool that ends in order.
# expect: base=right outcome=graded
# --- cell
import asyncio, threading
from concurrent.futures import ThreadPoolExecutor
await asyncio.sleep(0.01)
with ThreadPoolExecutor(2) as pool:
    print(list(pool.map(abs, [-1, -2])))
