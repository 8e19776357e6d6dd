"""Orders, as they are stored."""

from collections.abc import Sequence
from pathlib import Path

from sqlmodel import Field, Session, SQLModel, col, create_engine, select, update


class Order(SQLModel, table=True):
    """What somebody wants to see; `state` is `making`, `ready`, `failed` or `lost`."""

    id: int | None = Field(default=None, primary_key=True)
    prompt: str
    video: str = Field(unique=True)
    has_poster: bool = False
    state: str = "making"
    reason: str | None = None
    poll_at: float = 0
    is_cleared: bool = False


class Seen(SQLModel, table=True):
    """A webhook that has been dealt with; the same may come twice."""

    id: str = Field(primary_key=True)


class Orders:
    """All orders, in a database in a folder."""

    def __init__(self, folder: Path) -> None:
        self._engine = create_engine(
            f"sqlite:///{folder / 'orders.sqlite'}",
            connect_args={"check_same_thread": False},
        )
        SQLModel.metadata.create_all(self._engine)

    def add(self, prompt: str, video: str, *, has_poster: bool = False) -> Order:
        with Session(self._engine, expire_on_commit=False) as session:
            order = Order(prompt=prompt, video=video, has_poster=has_poster)
            session.add(order)
            session.commit()
            return order

    def end(self, order: Order, state: str, reason: str | None = None) -> Order:
        """Say how it ended. Where two find out at once, the first is right."""
        return self._change(order, Order.state == "making", state=state, reason=reason)

    def poll_later(self, order: Order, at: float) -> Order:
        return self._change(order, Order.state == "making", poll_at=at)

    def cleared(self, order: Order) -> Order:
        return self._change(order, is_cleared=True)

    def get(self, order_id: int) -> Order | None:
        with Session(self._engine) as session:
            return session.get(Order, order_id)

    def of_video(self, video: str) -> Order | None:
        with Session(self._engine) as session:
            return session.exec(select(Order).where(Order.video == video)).first()

    def page(self, after: int, limit: int) -> Sequence[Order]:
        with Session(self._engine) as session:
            wanted = select(Order).where(Order.id > after).order_by(Order.id)
            return session.exec(wanted.limit(limit)).all()

    def due(self, now: float) -> Sequence[Order]:
        """Those being made that may be asked for again."""
        with Session(self._engine) as session:
            wanted = select(Order).where(Order.state == "making", Order.poll_at <= now)
            return session.exec(wanted).all()

    def uncleared(self) -> Sequence[Order]:
        """Those that have ended and may still be at the service."""
        with Session(self._engine) as session:
            ended = Order.state != "making", ~col(Order.is_cleared)
            return session.exec(select(Order).where(*ended)).all()

    def is_news(self, webhook: str) -> bool:
        with Session(self._engine) as session:
            return session.get(Seen, webhook) is None

    def remember(self, webhook: str) -> None:
        with Session(self._engine) as session:
            session.merge(Seen(id=webhook))
            session.commit()

    def close(self) -> None:
        self._engine.dispose()

    def _change(self, order: Order, *only_if: object, **fields: object) -> Order:
        with Session(self._engine) as session:
            chosen = update(Order).where(Order.id == order.id, *only_if)
            session.exec(chosen.values(**fields))
            session.commit()
            return session.get_one(Order, order.id)
