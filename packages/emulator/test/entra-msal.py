"""Drives the unmodified MSAL Python: reads one JSON command a line, answers with one JSON document a line.

Only the environment knows of the emulator (HTTPS_PROXY, REQUESTS_CA_BUNDLE); authorities are Microsoft's own names.
"""

import json
import os
import sys

import msal
import requests

FACTS = json.loads(os.environ["FACTS"])
HOST = "https://login.microsoftonline.com/"
CREDENTIALS = {
    "secret": FACTS["secret"],
    "wrong secret": "not-the-secret",
    "thumbprint": {"thumbprint": FACTS["thumbprint"], "private_key": FACTS["privateKey"]},
    "chain": {
        "thumbprint": FACTS["thumbprint"],
        "private_key": FACTS["privateKey"],
        "public_certificate": FACTS["certificate"],
    },
    "none": None,
}
clients = {}
flows = {}


def client(command):
    key = json.dumps([command.get(name) for name in ("client", "credential", "authority", "capabilities")])
    if key not in clients:
        kind = msal.PublicClientApplication if command["credential"] == "none" else msal.ConfidentialClientApplication
        clients[key] = kind(
            command["client"],
            authority=HOST + FACTS["tenant"] if command.get("authority") is None else command["authority"],
            client_credential=CREDENTIALS[command["credential"]],
            client_capabilities=command.get("capabilities"),
        )
    return clients[key]


def act(command):
    app = client(command)
    scopes = command.get("scopes", [])
    action = command["action"]
    if action == "for client":
        return app.acquire_token_for_client(scopes, claims_challenge=command.get("claims"))
    if action == "silent for client":
        return app.acquire_token_silent(scopes, account=None)
    if action == "begin code":
        flow = app.initiate_auth_code_flow(scopes, redirect_uri=command["redirect"])
        flows["code"] = flow
        return {"auth_uri": flow["auth_uri"]}
    if action == "finish code":
        return app.acquire_token_by_auth_code_flow(flows["code"], command["answer"])
    if action == "renew":
        return app.acquire_token_silent(scopes, account=app.get_accounts()[0], force_refresh=True)
    if action == "accounts":
        return {"accounts": app.get_accounts()}
    if action == "begin device":
        flows["device"] = app.initiate_device_flow(scopes)
        return flows["device"]
    if action == "finish device":
        return app.acquire_token_by_device_flow(flows["device"])
    if action == "on behalf of":
        return app.acquire_token_on_behalf_of(command["assertion"], scopes)
    if action == "password":
        return app.acquire_token_by_username_password(command["user"], command["password"], scopes)
    if action == "call":
        answer = requests.get(command["url"], headers={"Authorization": "Bearer " + command["token"]})
        return {"status": answer.status_code, "challenge": answer.headers.get("WWW-Authenticate"), "body": answer.json()}
    raise ValueError(action)


for line in sys.stdin:
    try:
        result = act(json.loads(line))
    except Exception as error:  # what a caller of the library would see
        result = {"raised": type(error).__name__, "text": str(error)}
    print(json.dumps(result), flush=True)
