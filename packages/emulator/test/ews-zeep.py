"""Drives the unmodified zeep, which makes its client from the emulator's Services.wsdl and reads every answer strictly;
prints what it saw as one JSON document."""

import datetime
import json
import os

import requests
import zeep
import zeep.exceptions
import zeep.transports

MAILBOX = os.environ["NIGHTLATCH_MAILBOX"]
ENDPOINT = os.environ["NIGHTLATCH_EWS"]
KEY = {
    "PropertySetId": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "PropertyName": "NightlatchKey",
    "PropertyType": "String",
}

session = requests.Session()
session.headers["Authorization"] = "Bearer " + os.environ["NIGHTLATCH_TOKEN"]
session.headers["X-AnchorMailbox"] = MAILBOX
client = zeep.Client(
    ENDPOINT.replace("Exchange.asmx", "Services.wsdl"),
    transport=zeep.transports.Transport(session=session),
    settings=zeep.Settings(strict=True),
)
HEADERS = {
    "RequestVersion": {"Version": "Exchange2013_SP1"},
    "Impersonation": {"ConnectingSID": {"PrimarySmtpAddress": MAILBOX}},
}
CALENDAR = {"_value_1": [{"DistinguishedFolderId": {"Id": "calendar"}}]}
TARGET = {"DistinguishedFolderId": {"Id": "calendar"}}
KEY_PATH = {"_value_1": [{"ExtendedFieldURI": KEY}]}


def utc(*parts):
    return datetime.datetime(*parts, tzinfo=datetime.timezone.utc)


def call(operation, **arguments):
    answer = getattr(client.service, operation)(_soapheaders=HEADERS, **arguments)
    assert answer.header.ServerVersion.MajorVersion == 15
    return answer.body


def messages(operation, **arguments):
    body = call(operation, **arguments)
    return [message for entry in body.ResponseMessages._value_1 for message in entry.values()]


def item_id(item):
    return {"Id": item.ItemId.Id, "ChangeKey": item.ItemId.ChangeKey}


def get(item, shape="AllProperties"):
    [message] = messages(
        "GetItem",
        ItemShape={"BaseShape": shape, "AdditionalProperties": KEY_PATH},
        ItemIds={"_value_1": [{"ItemId": item_id(item)}]},
    )
    return message.Items.CalendarItem[0]


seen = {}
seen["operations"] = sorted(operation for operation in client.service._operations)
[folder] = messages("GetFolder", FolderShape={"BaseShape": "AllProperties"}, FolderIds=CALENDAR)
seen["folder"] = folder.Folders._value_1[0]["CalendarFolder"].DisplayName

lesson = {
    "Subject": "Maths",
    "Body": {"_value_1": "Bring rulers & <pencils>", "BodyType": "Text"},
    "Categories": {"String": ["Year 7"]},
    "ExtendedProperty": [{"ExtendedFieldURI": KEY, "Value": "k-1"}],
    "Start": utc(2026, 1, 5, 9),
    "End": utc(2026, 1, 5, 10),
    "Location": "Room 12",
    "StartTimeZone": {"Id": "GMT Standard Time"},
}
assembly = {
    "Subject": "Assembly",
    "Start": utc(2026, 3, 2, 9),
    "End": utc(2026, 3, 2, 10),
    "Recurrence": {
        "WeeklyRecurrence": {"Interval": 1, "DaysOfWeek": ["Monday"]},
        "NumberedRecurrence": {"StartDate": datetime.date(2026, 3, 2), "NumberOfOccurrences": 3},
    },
}
made = messages(
    "CreateItem",
    SendMeetingInvitations="SendToNone",
    SavedItemFolderId=TARGET,
    Items={"_value_1": [{"CalendarItem": lesson}, {"CalendarItem": assembly}]},
)
seen["made"] = [message.ResponseCode for message in made]
maths, series = [message.Items.CalendarItem[0] for message in made]

whole = get(maths)
seen["whole"] = [
    whole.Subject,
    whole.Body._value_1,
    whole.Categories.String,
    whole.ExtendedProperty[0].Value,
    whole.Start.isoformat(),
    whole.Organizer.Mailbox.EmailAddress,
]
[view] = messages(
    "FindItem",
    Traversal="Shallow",
    ItemShape={"BaseShape": "AllProperties", "AdditionalProperties": KEY_PATH},
    CalendarView={"StartDate": utc(2026, 1, 1), "EndDate": utc(2026, 4, 1)},
    ParentFolderIds=CALENDAR,
)
seen["view"] = [
    [item.Subject, item.CalendarItemType, item.Start.isoformat()]
    for item in view.RootFolder.Items.CalendarItem
]
# zeep 4.2.1 loses attributes that a type has from its base, MaxEntriesReturned among them.
[page] = messages(
    "FindItem",
    Traversal="Shallow",
    ItemShape={
        "BaseShape": "IdOnly",
        "AdditionalProperties": {"_value_1": [{"FieldURI": {"FieldURI": "item:Subject"}}]},
    },
    IndexedPageItemView={"Offset": 1, "BasePoint": "Beginning"},
    SortOrder={"FieldOrder": [{"FieldURI": {"FieldURI": "item:Subject"}, "Order": "Ascending"}]},
    ParentFolderIds=CALENDAR,
)
seen["page"] = [
    [item.Subject for item in page.RootFolder.Items.CalendarItem],
    page.RootFolder.IndexedPagingOffset,
    page.RootFolder.IncludesLastItemInRange,
]
[found] = messages(
    "FindItem",
    Traversal="Shallow",
    ItemShape={"BaseShape": "Default"},
    Restriction={
        "IsEqualTo": {"ExtendedFieldURI": KEY, "FieldURIOrConstant": {"Constant": {"Value": "k-1"}}}
    },
    ParentFolderIds=CALENDAR,
)
seen["found"] = [item.Subject for item in found.RootFolder.Items.CalendarItem]

[updated] = messages(
    "UpdateItem",
    ConflictResolution="NeverOverwrite",
    SendMeetingInvitationsOrCancellations="SendToNone",
    ItemChanges={
        "ItemChange": [
            {
                "ItemId": item_id(whole),
                "Updates": {
                    "_value_1": [
                        {
                            "SetItemField": {
                                "FieldURI": {"FieldURI": "item:Subject"},
                                "CalendarItem": {"Subject": "Mathematics"},
                            }
                        },
                        {"DeleteItemField": {"FieldURI": {"FieldURI": "calendar:Location"}}},
                    ]
                },
            }
        ]
    },
)
seen["updated"] = [updated.ResponseCode, updated.ConflictResults.Count, get(maths).Subject]
[gone] = messages(
    "DeleteItem",
    DeleteType="HardDelete",
    SendMeetingCancellations="SendToNone",
    ItemIds={
        "_value_1": [
            {"OccurrenceItemId": {"RecurringMasterId": series.ItemId.Id, "InstanceIndex": 2}}
        ]
    },
)
master = get(series)
seen["series"] = [
    gone.ResponseCode,
    master.Recurrence.NumberedRecurrence.NumberOfOccurrences,
    [occurrence.Start.isoformat() for occurrence in master.DeletedOccurrences.DeletedOccurrence],
    master.LastOccurrence.Start.isoformat(),
]

[zones] = messages("GetServerTimeZones", ReturnFullTimeZoneData=True)
seen["zones"] = len(zones.TimeZoneDefinitions.TimeZoneDefinition) > 100
[london] = messages("GetServerTimeZones", ReturnFullTimeZoneData=True, Ids={"Id": ["GMT Standard Time"]})
definition = london.TimeZoneDefinitions.TimeZoneDefinition[0]
seen["london"] = [definition.Id, [period.Name for period in definition.Periods.Period]]
[changes] = messages(
    "SyncFolderItems", ItemShape={"BaseShape": "IdOnly"}, SyncFolderId=TARGET, MaxChangesReturned=512
)
seen["changes"] = [[list(change)[0] for change in changes.Changes._value_1], changes.IncludesLastItemInRange]
[hierarchy] = messages("SyncFolderHierarchy", FolderShape={"BaseShape": "IdOnly"})
seen["hierarchy"] = len(hierarchy.Changes._value_1) > 5
[resolved] = messages("ResolveNames", UnresolvedEntry="Room 12", ReturnFullContactData=True)
seen["resolved"] = resolved.ResolutionSet.Resolution[0].Mailbox.EmailAddress
availability = call(
    "GetUserAvailability",
    TimeZone={
        "Bias": 0,
        "StandardTime": {"Bias": 0, "Time": "02:00:00", "DayOrder": 5, "Month": 10, "DayOfWeek": "Sunday"},
        "DaylightTime": {"Bias": -60, "Time": "01:00:00", "DayOrder": 5, "Month": 3, "DayOfWeek": "Sunday"},
    },
    MailboxDataArray={
        "MailboxData": [{"Email": {"Address": MAILBOX}, "AttendeeType": "Required"}]
    },
    FreeBusyViewOptions={
        "TimeWindow": {
            "StartTime": datetime.datetime(2026, 1, 5),
            "EndTime": datetime.datetime(2026, 1, 6),
        },
        "MergedFreeBusyIntervalInMinutes": 60,
        "RequestedView": ["DetailedMerged"],
    },
)
seen["busy"] = availability.FreeBusyResponseArray.FreeBusyResponse[0].FreeBusyView.MergedFreeBusy
[folders] = messages(
    "FindFolder", Traversal="Deep", FolderShape={"BaseShape": "Default"}, ParentFolderIds={"_value_1": [{"DistinguishedFolderId": {"Id": "msgfolderroot"}}]}
)
seen["folders"] = len(folders.RootFolder.Folders._value_1) > 5
[created] = messages(
    "CreateFolder",
    ParentFolderId=TARGET,
    Folders={"_value_1": [{"CalendarFolder": {"DisplayName": "Exams"}}]},
)
exams = created.Folders._value_1[0]["CalendarFolder"].FolderId
[opened] = messages(
    "Subscribe",
    PullSubscriptionRequest={
        "FolderIds": CALENDAR,
        "EventTypes": {"EventType": ["CreatedEvent", "CopiedEvent", "MovedEvent"]},
        "Timeout": 5,
    },
)
[born] = messages(
    "CreateItem",
    SendMeetingInvitations="SendToNone",
    Items={"_value_1": [{"CalendarItem": {"Subject": "Filed", "Start": utc(2026, 2, 5, 9), "End": utc(2026, 2, 5, 10)}}]},
)
filed = item_id(born.Items._value_1[0]["CalendarItem"] if hasattr(born.Items, "_value_1") else born.Items.CalendarItem[0])
[attached] = messages(
    "CreateAttachment",
    ParentItemId=filed,
    Attachments={"FileAttachment": [{"Name": "plan.txt", "ContentType": "text/plain", "Content": b"Hello"}]},
)
file_id = attached.Attachments.FileAttachment[0].AttachmentId
[fetched] = messages("GetAttachment", AttachmentIds={"AttachmentId": [{"Id": file_id.Id}]})
[detached] = messages("DeleteAttachment", AttachmentIds={"AttachmentId": [{"Id": file_id.Id}]})
seen["file"] = [
    fetched.Attachments.FileAttachment[0].Content.decode(),
    detached.RootItemId.RootItemId == filed["Id"],
]
filed["ChangeKey"] = detached.RootItemId.RootItemChangeKey
there = {"FolderId": {"Id": exams.Id}}
whole = {"_value_1": [{"ItemId": {"Id": filed["Id"]}}]}
[copied] = messages("CopyItem", ToFolderId=there, ItemIds=whole)
[moved] = messages("MoveItem", ToFolderId=there, ItemIds=whole, ReturnNewItemIds=True)
seen["transferred"] = [copied.ResponseCode, moved.ResponseCode]
[told] = messages("GetEvents", SubscriptionId=opened.SubscriptionId, Watermark=opened.Watermark)
seen["events"] = [name for event in told.Notification._value_1 for name in event]
[left] = messages("Unsubscribe", SubscriptionId=opened.SubscriptionId)
seen["unsubscribed"] = left.ResponseCode
[emptied] = messages(
    "EmptyFolder",
    DeleteType="HardDelete",
    DeleteSubFolders=False,
    FolderIds={"_value_1": [{"DistinguishedFolderId": {"Id": "deleteditems"}}]},
)
[settled] = messages("MoveFolder", ToFolderId=TARGET, FolderIds={"_value_1": [there]})
[expanded] = messages("ExpandDL", Mailbox={"EmailAddress": "nobody@school.example"})
seen["folder and group"] = [emptied.ResponseCode, settled.ResponseCode, expanded.ResponseCode]
seen["rooms"] = [
    call("GetRoomLists").ResponseCode,
    call("GetRooms", RoomList={"EmailAddress": "nobody@school.example"}).ResponseCode,
]
[dropped] = messages(
    "DeleteFolder",
    DeleteType="HardDelete",
    FolderIds={"_value_1": [{"FolderId": {"Id": exams.Id, "ChangeKey": exams.ChangeKey}}]},
)
seen["dropped"] = dropped.ResponseCode
[missing] = messages("GetFolder", FolderShape={"BaseShape": "IdOnly"}, FolderIds={"_value_1": [{"FolderId": {"Id": exams.Id}}]})
seen["missing"] = [missing.ResponseClass, missing.ResponseCode]
try:
    client.service.GetFolder(
        FolderShape={"BaseShape": "IdOnly"},
        FolderIds=CALENDAR,
        _soapheaders={**HEADERS, "Impersonation": {"ConnectingSID": {"SmtpAddress": "nobody@school.example"}}},
    )
except zeep.exceptions.Fault as fault:
    seen["fault"] = [fault.code, fault.message]
print(json.dumps(seen))
