"""Tables of deliveries to webhooks, which cannot keep a position themselves as another database can."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.columns import KEY, Hash, Key, Table, points_to


class Webhook(Table):
    """A URL to which changes are posted, and how far it has come."""

    __tablename__ = "webhook"
    id: Mapped[Key]
    url: Mapped[str]
    """Without its query, which may hold a token; the hash is of all of it."""
    url_hash: Mapped[Hash] = mapped_column(unique=True)
    xid: Mapped[int] = mapped_column(KEY)
    """With `seq`: the last change delivered, or put among the dead letters. 0 on SQLite."""
    seq: Mapped[int] = mapped_column(KEY)
    delivered_at: Mapped[datetime | None]


class DeadLetter(Table):
    """A batch that its receiver refused for good. It was passed over, and waits here."""

    __tablename__ = "dead_letter"
    id: Mapped[Key]
    webhook_id: Mapped[int] = points_to("webhook.id", index=True)
    message_id: Mapped[str]
    """The one it was posted under."""
    message: Mapped[str]
    """The JSON lines, as they were posted."""
    status: Mapped[int | None]
    reason: Mapped[str]
    attempts: Mapped[int]
    failed_at: Mapped[datetime]
