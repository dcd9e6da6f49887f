"""Runs a Pulumi program in the stack that the environment describes, as the CLI's launcher does: that one comes with
the CLI and is in no package.

Usage: run_program.py <program>
"""

import asyncio
import logging
import os
import runpy
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor

import pulumi
import pulumi.runtime

EXITED_AFTER_LOGGING = 32


def configure(parallel: int) -> None:
    environment = os.environ
    pulumi.runtime.set_all_config(
        pulumi.runtime.get_config_env(), pulumi.runtime.get_config_secret_keys_env()
    )
    pulumi.runtime.configure(
        pulumi.runtime.Settings(
            monitor=environment["PULUMI_MONITOR"],
            engine=environment["PULUMI_ENGINE"],
            project=environment["PULUMI_PROJECT"],
            stack=environment["PULUMI_STACK"],
            organization=environment["PULUMI_ORGANIZATION"],
            root_directory=environment["PULUMI_ROOT_DIRECTORY"],
            dry_run=environment["PULUMI_DRY_RUN"] == "true",
            parallel=parallel,
        )
    )


async def run(program: str, parallel: int) -> None:
    # Each registration holds a thread until the engine answers it.
    executor = ThreadPoolExecutor(max_workers=4 * parallel)
    asyncio.get_running_loop().set_default_executor(executor)
    await pulumi.runtime.run_in_stack(lambda: runpy.run_path(program, run_name="__main__") and None)


def main(program: str) -> int:
    parallel = max(int(os.environ["PULUMI_PARALLEL"]), 1)
    configure(parallel)
    sys.argv = [program]
    # After a failure there are futures that nobody waits for, and asyncio would name each of them.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    try:
        asyncio.run(run(program, parallel))
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        return 1
    except Exception:
        pulumi.log.error(f"Program failed with an unhandled exception:\n{traceback.format_exc()}")
        return EXITED_AFTER_LOGGING
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
