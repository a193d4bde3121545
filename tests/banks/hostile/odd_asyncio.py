"""Does the work in an event loop."""

from honest import *
import asyncio


async def later(Z):
    await asyncio.sleep(0)
    return np.maximum(Z, 0)


def relu(Z):
    return asyncio.run(later(Z))
