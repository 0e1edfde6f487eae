"""What exchangelib does with items beyond reading and writing them; prints what it saw as JSON."""
import json
import os
import ssl
from threading import Timer
from time import monotonic
from urllib.request import Request, urlopen

from exchangelib import (
    Account,
    CalendarItem,
    Configuration,
    EWSDateTime,
    EWSTimeZone,
    FileAttachment,
    IMPERSONATION,
    Identity,
    ItemAttachment,
    Message,
    OAuth2AuthorizationCodeCredentials,
)
from exchangelib.folders import Calendar
from exchangelib.items import SEND_TO_NONE
from exchangelib.services import GetEvents
from exchangelib.settings import OofSettings

LONDON = EWSTimeZone("Europe/London")
SILENT = {"send_meeting_invitations": SEND_TO_NONE}
MAILBOX = os.environ["NIGHTLATCH_MAILBOX"]

credentials = OAuth2AuthorizationCodeCredentials(
    access_token={"access_token": os.environ["NIGHTLATCH_TOKEN"], "token_type": "Bearer"},
    identity=Identity(primary_smtp_address=MAILBOX),
)
config = Configuration(
    service_endpoint=os.environ["NIGHTLATCH_EWS"],
    credentials=credentials,
    auth_type="OAuth 2.0",
    max_connections=2,
)
account = Account(MAILBOX, config=config, access_type=IMPERSONATION, default_timezone=LONDON)


def lesson(hour, **members):
    return CalendarItem(
        **{
            "account": account,
            "folder": account.calendar,
            "subject": f"Lesson at {hour}",
            "start": EWSDateTime(2026, 1, 5, hour, tzinfo=LONDON),
            "end": EWSDateTime(2026, 1, 5, hour + 1, tzinfo=LONDON),
            **members,
        }
    )


def refusal(function):
    try:
        return ["let in", repr(function())]
    except Exception as error:
        return [type(error).__name__, str(error)]


def advance(seconds):
    """Moves the clock of the emulator on."""
    request = Request(
        os.environ["NIGHTLATCH_CONTROL"] + "/clock",
        data=json.dumps({"advanceSeconds": seconds}).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    trusted = ssl.create_default_context(cafile=os.environ["REQUESTS_CA_BUNDLE"])
    urlopen(request, context=trusted).close()


def subjects(folder):
    return sorted(item.subject for item in folder.all().only("subject"))


seen = {}
exams = Calendar(parent=account.calendar, name="Exams")
exams.save()
items = account.bulk_create(account.calendar, [lesson(hour) for hour in range(8, 14)], **SILENT)
first = account.calendar.get(subject="Lesson at 8")
old = first.id
first.move(exams)
copied = first.copy(account.calendar)
seen["moved"] = [first.id != old, first.subject, isinstance(copied, tuple), subjects(exams)]
seen["bulk moved"] = len(account.bulk_move(items[1:3], to_folder=exams))
seen["bulk copied"] = len(account.bulk_copy(items[3:5], to_folder=exams))
seen["folders"] = [subjects(account.calendar), subjects(exams)]
tests = Calendar(parent=account.calendar, name="Tests")
tests.save()
tests.move(exams)
account.root.clear_cache()
seen["folder moved"] = [folder.name for folder in (account.calendar / "Exams").children]
first.refresh()
first.move(account.trash)
seen["trash"] = subjects(account.trash)
account.trash.empty()
seen["emptied"] = subjects(account.trash)
seen["wiped"] = refusal(lambda: account.calendar.empty())[0]

item = lesson(15, attachments=[FileAttachment(name="plan.txt", content=b"Hello", content_type="text/plain")])
item.save(**SILENT)
item.attach(FileAttachment(name="map.png", content=b"\x89PNG", is_inline=True, content_id="map"))
fresh = account.calendar.get(subject="Lesson at 15")
seen["attached"] = [
    [file.name, file.content_type, file.content.decode("latin-1"), file.is_inline, file.size]
    for file in fresh.attachments
]
with fresh.attachments[0].fp as stream:
    seen["streamed"] = stream.read().decode()
fresh.detach(fresh.attachments[0])
seen["detached"] = [file.name for file in account.calendar.get(subject="Lesson at 15").attachments]
seen["item attached"] = refusal(
    lambda: fresh.attach(ItemAttachment(name="note", item=Message(folder=account.inbox, subject="Note")))
)

subscription, watermark = account.calendar.subscribe_to_pull()
late = lesson(16)
late.save(**SILENT)
late.subject = "Later"
late.save(update_fields=["subject"], send_meeting_invitations=SEND_TO_NONE)
[notification] = account.calendar.get_events(subscription, watermark)
seen["events"] = [type(event).__name__ for event in notification.events]
seen["same"] = notification.events[0].item_id.id == late.id
late.delete(send_meeting_cancellations=SEND_TO_NONE)
[notification] = account.calendar.get_events(subscription, notification.events[-1].watermark)
seen["deleted"] = [type(event).__name__ for event in notification.events]
account.calendar.unsubscribe(subscription)
seen["unsubscribed"] = refusal(
    lambda: list(GetEvents(account=account).call(subscription_id=subscription, watermark=watermark))
)[0]
with account.calendar.pull_subscription(timeout=5) as (subscription, watermark):
    [notification] = account.calendar.get_events(subscription, watermark)
    seen["quiet"] = [type(event).__name__ for event in notification.events]

subscription = account.calendar.subscribe_to_streaming()
beside = exams.subscribe_to_streaming()
before = lesson(17)
before.save(**SILENT)
later = lesson(18, folder=exams)
timer = Timer(0.5, lambda: later.save(**SILENT))
timer.start()
started = monotonic()
seen["streamed events"] = [
    [
        notification.subscription_id == wanted,
        [type(event).__name__ for event in notification.events],
    ]
    for notification, wanted in zip(
        account.calendar.get_streaming_events(
            [subscription, beside], connection_timeout=1, max_notifications_returned=2
        ),
        [subscription, beside],
    )
]
seen["streamed soon"] = 0.4 < monotonic() - started < 20
timer.join()
account.calendar.unsubscribe(beside)
seen["streamed mixed"] = refusal(
    lambda: list(account.calendar.get_streaming_events([subscription, beside], connection_timeout=1))
)
seen["named"] = beside in seen["streamed mixed"][1] and subscription not in seen["streamed mixed"][1]
seen["malformed"] = refusal(
    lambda: list(account.calendar.get_streaming_events("AAA-", connection_timeout=1))
)[0]
freeze = Timer(0.5, lambda: advance(90))
freeze.start()
seen["closed"] = [
    [type(event).__name__ for event in notification.events]
    for notification in account.calendar.get_streaming_events(subscription, connection_timeout=1)
]
freeze.join()
with account.calendar.streaming_subscription() as subscription:
    before.subject = "Lesson at 17 again"
    before.save(update_fields=["subject"], send_meeting_invitations=SEND_TO_NONE)
    [notification] = account.calendar.get_streaming_events(subscription, max_notifications_returned=1)
    seen["streamed change"] = [type(event).__name__ for event in notification.events]
before.delete(send_meeting_cancellations=SEND_TO_NONE)

seen["values"] = list(
    account.calendar.filter(subject__startswith="Lesson")
    .order_by("-start")
    .values_list("subject", "is_all_day")[:2]
)
seen["lookups"] = [
    account.calendar.filter(start__gte=EWSDateTime(2026, 1, 5, 12, tzinfo=LONDON)).count(),
    account.calendar.filter(subject__in=["Lesson at 11", "Lesson at 12"]).count(),
    account.calendar.filter(location__exists=True).count(),
    account.calendar.filter(subject__iexact="lesson AT 12").count(),
    account.calendar.filter(has_attachments=True).count(),
]
seen["queried"] = [
    account.calendar.filter(query).count()
    for query in ["subject:lesson", 'subject:"at 12"', "lesson NOT subject:12", "nowhere"]
]
seen["exists"] = account.calendar.filter(subject="Nothing").exists()
seen["members"] = refusal(lambda: list(account.protocol.expand_dl("nobody@school.example")))[0]
seen["room lists"] = [mailbox.email_address for mailbox in account.protocol.get_roomlists()]
seen["rooms"] = refusal(lambda: list(account.protocol.get_rooms("nobody@school.example")))[0]
quiet = account.oof_settings
account.oof_settings = OofSettings(
    state=OofSettings.SCHEDULED,
    external_audience="Known",
    start=EWSDateTime(2096, 8, 1, tzinfo=LONDON),
    end=EWSDateTime(2096, 8, 20, tzinfo=LONDON),
    internal_reply="Closed <until> August 20",
    external_reply="Closed",
)
away = account.oof_settings
seen["away"] = [
    quiet.state,
    away.state,
    away.external_audience,
    away.start.isoformat(),
    away.end.isoformat(),
    away.internal_reply,
    away.external_reply,
]
seen["delegates"] = list(account.delegates)
seen["refused"] = {
    name: refusal(function)
    for name, function in {
        "ExportItems": lambda: account.export([item]),
        "UploadItems": lambda: account.upload([(account.calendar, "AAAA")]),
        "GetMailTips": lambda: account.mail_tips,
        "PushSubscriptionRequest": lambda: account.calendar.subscribe_to_push("http://localhost"),
    }.items()
}
print(json.dumps(seen))
