"""What a command draws on a terminal, as it is sent there: colours, moves of the cursor and all."""

import os
import pty
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


def drawn_by(command: Sequence[str], *, folder: Path, environment: Mapping[str, str]) -> str:
    leader, follower = pty.openpty()
    with subprocess.Popen(command, stdout=follower, stderr=follower, cwd=folder, env=environment):
        os.close(follower)
        drawn = bytearray()
        try:
            while chunk := os.read(leader, 65536):
                drawn += chunk
        except OSError:  # Linux: the other side has closed
            pass
        finally:
            os.close(leader)
    return drawn.decode()
