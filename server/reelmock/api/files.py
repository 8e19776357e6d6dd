"""The Files API, as far as videos need it: what is uploaded can be named by its id."""

from starlette.responses import Response

from reelmock.api import file_contract, queries, wire
from reelmock.api.downloads import Download, answer
from reelmock.api.exchange import Exchange
from reelmock.domain.file import File
from reelmock.domain.page import Order
from reelmock.domain.repeat import Repeat
from reelmock.service import files, repeats
from reelmock.service.files import CreateFile

LIMIT_MOST = 10_000
"""Files on one page, at most and by default (the SDKs' docs)."""


async def create_file(exchange: Exchange) -> Response:
    """Keep a file: its bytes are stored before the answer leaves."""
    fields = await exchange.fields(is_form_only=True)
    sent = file_contract.create(exchange.judge, fields)
    repeat = await exchange.repeat("/files", fields)
    file = await exchange.in_thread(_uploaded, exchange, sent, repeat)
    return exchange.answer(wire.file(file))


def _uploaded(exchange: Exchange, sent: CreateFile, repeat: Repeat | None) -> File:
    ports = exchange.ports
    known = exchange.made_before(repeat, files.find_file)
    if known is not None:
        return known
    made = files.upload(ports, exchange.now, exchange.project, sent)
    try:
        file = _committed(exchange, made, repeat)
    except BaseException:
        ports.blobs.remove([made.key])
        raise
    if file.id != made.id:
        ports.blobs.remove([made.key])
    return file


def _committed(exchange: Exchange, made: File, repeat: Repeat | None) -> File:
    with exchange.ports.unit() as unit:
        project, now = exchange.enter(unit)
        known = repeats.made_before(
            exchange.ports, unit, now, project, repeat, files.find_file
        )
        if known is not None:
            return known
        is_kept = files.add(exchange.ports, unit, project, made)
        if is_kept:
            repeats.remember(unit, now, project, repeat, made.id)
    if is_kept:
        exchange.ports.wake(made)
    else:
        exchange.ports.blobs.remove([made.key])
    return made


async def list_files(exchange: Exchange) -> Response:
    """One page of the project's files."""
    query = exchange.query_params
    least = 0 if exchange.ports.conformance else 1
    limit = queries.limit(query, default=LIMIT_MOST, most=LIMIT_MOST, least=least)
    found, has_more = await exchange.in_thread(
        _page, exchange, limit, queries.order(query)
    )
    listing = [wire.file(file) for file in found]
    return exchange.answer(wire.page(listing, has_more=has_more))


def _page(
    exchange: Exchange, limit: int, order: Order
) -> tuple[tuple[File, ...], bool]:
    query = exchange.query_params
    with exchange.ports.unit() as unit:
        project, now = exchange.enter(unit)
        return files.list_files(
            exchange.ports,
            unit,
            now,
            project,
            limit=limit,
            order=order,
            after=query.get("after"),
            purpose=query.get("purpose"),
        )


async def get_file(exchange: Exchange, file_id: str) -> Response:
    """One file."""
    file = await exchange.in_thread(_found, exchange, file_id)
    return exchange.answer(wire.file(file))


async def get_file_content(exchange: Exchange, file_id: str) -> Response:
    """The bytes of a file, as they were uploaded."""
    file = await exchange.in_thread(_found, exchange, file_id)
    download = Download(
        file.name,
        "application/octet-stream",
        file.bytes,
        file.digest,
        file.created_at,
        lambda start, end: files.content_of(exchange.ports, file, start, end),
    )
    return await exchange.in_thread(answer, exchange, download)


def _found(exchange: Exchange, file_id: str) -> File:
    with exchange.ports.unit() as unit:
        project, now = exchange.enter(unit)
        return files.find_file(exchange.ports, unit, now, project, file_id)


async def delete_file(exchange: Exchange, file_id: str) -> Response:
    """Delete a file, and then its bytes. The body is not read."""
    await exchange.in_thread(_delete, exchange, file_id)
    return exchange.answer(wire.file_deleted(file_id))


def _delete(exchange: Exchange, file_id: str) -> None:
    with exchange.ports.unit() as unit:
        project, now = exchange.enter(unit)
        keys = files.delete_file(exchange.ports, unit, now, project, file_id)
    exchange.ports.blobs.remove(keys)
