"""Drives the unmodified exchangelib against an emulator; prints what it saw as one JSON document."""

import json
import os

from exchangelib import (
    Account,
    Configuration,
    EWSDate,
    EWSDateTime,
    EWSTimeZone,
    HTMLBody,
    IMPERSONATION,
    Identity,
    OAuth2AuthorizationCodeCredentials,
    OAuth2Credentials,
    Q,
)
from exchangelib.extended_properties import ExtendedProperty
from exchangelib.fields import MONDAY, WEDNESDAY
from exchangelib.folders import Calendar
from exchangelib.items import (
    AUTO_RESOLVE,
    CalendarItem,
    HARD_DELETE,
    NEVER_OVERWRITE,
    SEND_TO_NONE,
)
from exchangelib.properties import AlternateId, EWS_ID, HEX_ENTRY_ID
from exchangelib.recurrence import (
    AbsoluteMonthlyPattern,
    AbsoluteYearlyPattern,
    DailyPattern,
    Recurrence,
    RelativeMonthlyPattern,
    RelativeYearlyPattern,
    WeeklyPattern,
)

MAILBOX = os.environ["NIGHTLATCH_MAILBOX"]
ENDPOINT = os.environ["NIGHTLATCH_EWS"]
LONDON = EWSTimeZone("Europe/London")
SILENT = {"send_meeting_invitations": SEND_TO_NONE}
SILENT_DELETE = {"send_meeting_cancellations": SEND_TO_NONE}


class Key(ExtendedProperty):
    property_set_id = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
    property_name = "NightlatchKey"
    property_type = "String"


class Groups(ExtendedProperty):
    property_set_id = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
    property_name = "NightlatchGroups"
    property_type = "StringArray"


class GlobalObjectId(ExtendedProperty):
    distinguished_property_set_id = "Meeting"
    property_id = 3
    property_type = "Binary"


CalendarItem.register("key", Key)
CalendarItem.register("groups", Groups)
CalendarItem.register("global_object_id", GlobalObjectId)


def open_account(mailbox):
    """Version and schema are guessed, as exchangelib does when it is told neither."""
    credentials = OAuth2AuthorizationCodeCredentials(
        access_token={"access_token": os.environ["NIGHTLATCH_TOKEN"], "token_type": "Bearer"},
        identity=Identity(primary_smtp_address=mailbox),
    )
    config = Configuration(service_endpoint=ENDPOINT, credentials=credentials, auth_type="OAuth 2.0")
    return Account(mailbox, config=config, access_type=IMPERSONATION, default_timezone=LONDON)


def at(*parts):
    return EWSDateTime(*parts, tzinfo=LONDON)


def lesson(hour=9, **members):
    plain = {
        "account": account,
        "folder": account.calendar,
        "subject": f"Lesson at {hour}",
        "start": at(2026, 1, 5, hour),
        "end": at(2026, 1, 5, hour + 1),
        "body": HTMLBody("<p>Bring rulers</p>"),
        "location": "Room 12",
        "categories": ["Year 7"],
        "reminder_is_set": False,
    }
    return CalendarItem(**{**plain, **members})


def refusal(function):
    try:
        return ["let in", repr(function())]
    except Exception as error:
        return [type(error).__name__, str(error)]


seen = {}
account = open_account(MAILBOX)
seen["version"] = account.version.api_version
seen["tree"] = account.root.tree().split("\n")
seen["calendar"] = [account.calendar.folder_class, account.calendar.effective_rights.create_contents]

first = lesson(key="k-1", groups=["7a", "7b"], required_attendees=["office@school.example"])
first.save(**SILENT)
found = account.calendar.get(key="k-1")
seen["saved"] = [
    found.subject,
    found.body,
    found.location,
    found.categories,
    found.groups,
    found.start.isoformat(),
    found.organizer.email_address,
    [attendee.mailbox.email_address for attendee in found.required_attendees],
    found.global_object_id[:4].hex(),
    found.has_attachments,
]
made = account.bulk_create(
    folder=account.calendar,
    items=[lesson(hour, subject=f"Bulk {hour:02}") for hour in range(10, 22)],
    chunk_size=5,
    **SILENT,
)
seen["bulk"] = len(made)
query = account.calendar.all().order_by("subject")
query.page_size = 4
seen["paged"] = len(list(query))
seen["count"] = account.calendar.all().count()
seen["slice"] = [item.subject for item in account.calendar.all().order_by("subject")[3:5]]
seen["filter"] = [
    account.calendar.filter(subject="Bulk 10").count(),
    account.calendar.filter(subject__icontains="bulk", start__lt=at(2026, 1, 5, 12)).count(),
    account.calendar.filter(Q(subject__startswith="Lesson") | Q(subject="Bulk 11")).count(),
    account.calendar.filter(categories__contains="Year 7").exclude(subject__contains="Bulk").count(),
    account.calendar.filter(start__range=(at(2026, 1, 5, 20), at(2026, 1, 6))).count(),
]
seen["view"] = [
    item.subject
    for item in account.calendar.view(start=at(2026, 1, 5), end=at(2026, 1, 5, 11), max_items=2)
]
fetched = list(account.fetch(made, chunk_size=5))
for item in fetched:
    item.subject = item.subject.replace("Bulk", "Changed")
seen["updated"] = len(
    account.bulk_update(
        [(item, ["subject"]) for item in fetched],
        conflict_resolution=AUTO_RESOLVE,
        send_meeting_invitations_or_cancellations=SEND_TO_NONE,
    )
)
seen["deleted"] = account.bulk_delete(made, delete_type=HARD_DELETE, **SILENT_DELETE) == [True] * 12

one, other = account.calendar.get(key="k-1"), account.calendar.get(key="k-1")
one.location = None
one.save(update_fields=["location"], **SILENT)
other.subject = "Too late"
seen["conflict"] = refusal(
    lambda: other.save(update_fields=["subject"], conflict_resolution=NEVER_OVERWRITE, **SILENT)
)[0]
one.refresh()
seen["cleared"] = one.location

series = lesson(
    subject="Series",
    start=at(2026, 3, 16, 9),
    end=at(2026, 3, 16, 10),
    recurrence=Recurrence(
        pattern=WeeklyPattern(interval=1, weekdays=[MONDAY, WEDNESDAY], first_day_of_week=MONDAY),
        start=EWSDate(2026, 3, 16),
        number=6,
    ),
)
series.save(**SILENT)
moved = series.occurrence(index=2)
moved.start, moved.end = at(2026, 3, 18, 11), at(2026, 3, 18, 12)
moved.save(update_fields=["start", "end"], **SILENT)
series.occurrence(index=3).delete(**SILENT_DELETE)
series.refresh()
seen["series"] = {
    "weekdays": series.recurrence.pattern.weekdays,
    "number": series.recurrence.boundary.number,
    "moved": [
        [occurrence.original_start.isoformat(), occurrence.start.isoformat()]
        for occurrence in series.modified_occurrences
    ],
    "deleted": [occurrence.start.isoformat() for occurrence in series.deleted_occurrences],
    "view": [
        [item.start.isoformat(), item.type]
        for item in account.calendar.view(start=at(2026, 3, 1), end=at(2026, 5, 1))
    ],
}
[exception] = account.calendar.view(start=at(2026, 3, 18), end=at(2026, 3, 19))
master = exception.recurring_master()
master.refresh()
seen["master"] = master.subject
seen["gone occurrence"] = refusal(lambda: series.occurrence(index=3).refresh())[0]
patterns = (
    DailyPattern(interval=2),
    AbsoluteMonthlyPattern(interval=1, day_of_month=15),
    RelativeMonthlyPattern(interval=1, weekday=MONDAY, week_number="Last"),
    AbsoluteYearlyPattern(day_of_month=3, month=4),
    RelativeYearlyPattern(weekday="Friday", week_number="First", month=5),
)
for pattern in patterns:
    item = lesson(recurrence=Recurrence(pattern=pattern, start=EWSDate(2026, 1, 5), end=EWSDate(2028, 1, 5)))
    item.save(**SILENT)
    item.refresh()
    assert type(item.recurrence.pattern) is type(pattern), pattern
    item.delete(**SILENT_DELETE)
holiday = lesson(subject="Holiday", start=EWSDate(2026, 6, 1), end=EWSDate(2026, 6, 2), is_all_day=True)
holiday.save(**SILENT)
holiday.refresh()
seen["all day"] = [holiday.is_all_day, str(holiday.start), str(holiday.end)]

seen["sync"] = sorted(item.subject for change, item in account.calendar.sync_items(max_changes_returned=2))
state = account.calendar.item_sync_state
fresh = lesson(14, subject="Fresh")
fresh.save(**SILENT)
holiday.move_to_trash(**SILENT_DELETE)
seen["changes"] = [
    [change, item.subject if change == "create" else None]
    for change, item in account.calendar.sync_items(sync_state=state)
]
seen["trash"] = [item.subject for item in account.trash.all()]
account.trash.all().delete(**SILENT_DELETE)
seen["emptied"] = account.trash.all().count()
fresh.soft_delete(**SILENT_DELETE)
seen["recoverable"] = [item.subject for item in account.recoverable_items_deletions.all()]
seen["folders"] = sum(1 for change, folder in account.root.sync_hierarchy() if change == "create") > 10
exams = Calendar(parent=account.calendar, name="Exams")
exams.save()
seen["new folder"] = [[change, folder.name] for change, folder in account.root.sync_hierarchy()]
exams.name = "Tests"
exams.save()
seen["renamed"] = [[change, folder.name] for change, folder in account.root.sync_hierarchy()]
lesson(subject="Exam", folder=exams).save(**SILENT)
seen["exams"] = [item.subject for item in exams.all()]
exams.delete()

[busy, nobody] = account.protocol.get_free_busy_info(
    accounts=[(account, "Organizer", False), ("nobody@school.example", "Required", False)],
    start=at(2026, 1, 5),
    end=at(2026, 1, 6),
    merged_free_busy_interval=60,
)
seen["busy"] = [busy.view_type, busy.merged, [event.details.subject for event in busy.calendar_events]]
seen["nobody"] = type(nobody).__name__
[zone] = account.protocol.get_timezones(timezones=[LONDON], return_full_timezone_data=True)
seen["zone"] = [zone.id, sorted(period.name for period in zone.periods)]
seen["zones"] = len(list(account.protocol.get_timezones())) > 100
seen["names"] = [
    [mailbox.email_address for mailbox in account.protocol.resolve_names([name])]
    for name in ("Room 12", "office@school.example")
]
seen["no name"] = [type(name).__name__ for name in account.protocol.resolve_names(["nobody"])]
[converted] = account.protocol.convert_ids(
    [AlternateId(id=first.id, format=EWS_ID, mailbox=MAILBOX)], destination_format=HEX_ENTRY_ID
)
[back] = account.protocol.convert_ids([converted], destination_format=EWS_ID)
seen["converted"] = [converted.format, back.id == first.id]

seen["stranger"] = refusal(lambda: open_account("nobody@school.example").root)[1]
first.refresh()
first.delete(**SILENT_DELETE)
seen["gone"] = refusal(lambda: account.calendar.get(key="k-1"))[0]

# Its own purchase of a token knows secrets only, which Exchange finds too weak.
os.environ["HTTPS_PROXY"] = os.environ["NIGHTLATCH_PROXY"]
secret = OAuth2Credentials(
    client_id=os.environ["NIGHTLATCH_CLIENT"],
    client_secret=os.environ["NIGHTLATCH_SECRET"],
    tenant_id=os.environ["NIGHTLATCH_TENANT"],
    identity=Identity(primary_smtp_address=MAILBOX),
)
weak = Configuration(server="outlook.office365.com", credentials=secret, auth_type="OAuth 2.0")
seen["weak"] = refusal(lambda: Account(MAILBOX, config=weak, access_type=IMPERSONATION).root)
print(json.dumps(seen))
