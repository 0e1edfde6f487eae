/**
 * What programs say about how they were called or installed. The first that fits is taken.
 */

/** A word of RFC 6749 that a library printed without what the service said beside it. */
function bareError(word: string): RegExp {
  return new RegExp(
    `(?:\\b(?:\\w{0,40}(?:Error|Exception)|error(?:_?code)?|Error occurred|message|reason|failed)\\b["']?\\s{0,3}(?:[:=]|=>|\\bwith message)\\s{0,3}["'\\[(]{0,2}|[[(])${word}(?![\\w"']{0,2}\\s{0,3}[,|]\\s{0,3}["']?(?:invalid|unauthorized)_)\\b[^\\n]{0,80}`,
    "i",
  );
}

/** Message and the sentences that stand for it. */
export const PROGRAM_MESSAGES: ReadonlyArray<readonly [string, RegExp]> = [
  [
    "argumentEmpty",
    /Cannot (?:bind|validate) argument (?:to|on) parameter '\w{0,30}(?:Cert|Thumb|App|Client|Tenant|Organi[sz]ation|Secret|Token|Password|Credential)\w{0,30}'[^\n]{0,40}(?:empty|null)[^\n]{0,60}/i,
  ],
  [
    "argumentEmpty",
    /\b(?:Connect|Login|Add|New)-\w{2,40}\b[\s\S]{0,300}?Value cannot be null\.\s{0,5}\(?Parameter(?: name:| ')/i,
  ],
  [
    "argumentEmpty",
    /\b(?:no (?:client|tenant) ?ID (?:was )?(?:specified|provided|given|set)|missing (?:required )?(?:client|tenant)[ _]?id\b|(?:secret|client[ _]?ID|tenant[ _]?ID|password|certificate) (?:can'?t|cannot|must not|may not) be (?:an )?(?:empty|blank|null)\b)[^\n]{0,80}/i,
  ],
  [
    "parametersClash",
    /Connect-\w{2,30}\b[\s\S]{0,400}Parameter set cannot be resolved using the specified named parameters/i,
  ],
  [
    "libraryMissing",
    /The term '(?:Connect|New|Get)-(?:Mg|Exo?|Exchange|PnP|Az|Entra|SPO)\w{0,40}' is not recognized|No module named '?(?:msal|azure|adal|exchangelib|O365|msgraph)[\w.']{0,40}|cannot import name '?\w{2,60}'? from '?(?:msal|azure|exchangelib|cryptography|OpenSSL)[^\n]{0,80}|Cannot find module '@(?:azure|microsoft)\/[^'\n]{1,80}'/i,
  ],
  [
    "libraryClash",
    /Could not load (?:file or assembly|type) '(?:Microsoft\.Identity|Azure\.(?:Core|Identity)|Microsoft\.Graph|Microsoft\.IdentityModel|System\.IdentityModel|Microsoft\.Exchange\.WebServices)[^\n]{0,200}|authentication failed: Method not found\b|Method not found:\s{0,5}'[^'\n]{0,200}(?:Microsoft\.Identity|Azure\.(?:Core|Identity)|Microsoft\.Graph|IdentityModel)[^\n]{0,200}|(?:NoClassDefFoundError|NoSuchMethodError|ClassNotFoundException|AbstractMethodError|NoSuchFieldError)[:\s'"]{1,4}[^\n]{0,60}(?:microsoft|azure|msal4j|nimbus|oauth2)[^\n]{0,160}|Assembly with same name is already loaded|module 'lib' has no attribute 'X509_V_FLAG/i,
  ],
  [
    "notLoggedIn",
    /Please run:? ['"`]?az login|Run the command below to authenticate interactively|Run Connect-AzAccount to login|No accounts were found in the cache|No subscriptions? found for|Could not retrieve credential from local cache for service principal|Your Azure credentials have not been set up or have expired|Log in to Microsoft 365 first|There is currently no connection yet\. Use Connect-PnPOnline|current connection holds no SharePoint context|You must call the Connect-\w{3,20} cmdlet before|Run Login-AzureRmAccount to login|Azure CLI not (?:installed|found)|the Azure CLI could not be found/i,
  ],
  [
    "defaultCredentialNothing",
    /(?:DefaultAzureCredential|ChainedTokenCredential)[^\n]{0,60}(?:failed to (?:retrieve|acquire)|authentication (?:failed|unavailable))[^\n]{0,160}|Could not configure [A-Za-z]{2,20} Authorizer|no Authorizer could be configured|Authenticating using the Azure CLI is only supported as a User/i,
  ],
  ["terraformPfxName", /Client Certificate Path is not a (?:valid )?\*?\.?pfx file/i],
  [
    "managementCertificate",
    /server failed to authenticate the request\. Verify that the certificate is valid and is associated with this subscription/i,
  ],
  [
    "vaultDenied",
    /does not have (?:secrets?|certificates?|keys?) \w{3,12} permission on key vault[^\n]{0,160}|Caller was not found on any access policy|Az(?:ureRm|ure)?KeyVault\w{2,40}\b[\s\S]{0,200}?(?:invalid status code 'Forbidden'|Access denied\b)|\bLinkedAuthorizationFailed\b|does not have permission to perform action '[^'\n]{3,120}'|Caller is not authorized to perform action on resource[^\n]{0,200}|\bForbiddenByRbac\b|AuthorizationPermissionMismatch|is not authorized to perform this operation using this permission/i,
  ],
  [
    "vaultFirewall",
    /Client address is not authorized and caller is not a trusted service|\bForbiddenByFirewall\b|\bForbiddenByConnection\b/i,
  ],
  [
    "vaultIssuer",
    /AKV10032: Invalid issuer[^\n]{0,200}|InvalidAuthenticationTokenTenant\b[^\n]{0,200}|access token is from the wrong issuer[^\n]{0,200}/i,
  ],
  [
    "vaultAudience",
    /AKV10022: Invalid audience[^\n]{0,200}|InvalidAuthenticationTokenAudience\b[^\n]{0,160}|The access token has been obtained (?:for|from) wrong audience or resource[^\n]{0,200}/i,
  ],
  [
    "dataverseUser",
    /user is not a member of the organi[sz]ation|0x80072560|The user with (?:id|SystemUserId)[^\n]{0,80}(?:is not|has not been)[^\n]{0,80}|Authentication_InvalidCredentials/i,
  ],
  [
    "sharePointPassword",
    /sign-in name or password does not match one in the Microsoft account system|does not support SharePoint Online credentials|Identity Client Runtime Library \(IDCRL\)|'SPOIDCRL' cookie/i,
  ],
  [
    "sharePointDenied",
    /Access denied\. You do not have permission to perform this action or access this resource|Attempted to perform an unauthorized operation|0x80070005 \(E_ACCESSDENIED\)/i,
  ],
  [
    "exchangeSession",
    /Connecting to remote server (?:outlook\.office365\.com|ps\.outlook\.com|outlook\.office\.com) failed[\s\S]{0,120}Access is denied/i,
  ],
  [
    "exchangeSession",
    /(?:Successfully got a token from AAD|Connect-ExchangeOnline|ExchangeOnlineManagement|System\.UnauthorizedAccessException)[\s\S]{0,800}\bUnAuthorized\b/,
  ],
  [
    "brokerFailed",
    /Unknown Status: \w{3,30}\s{1,4}Error: (?:0x[0-9a-f]{4,16}|-?\d{1,12})|WAM Error|wam_(?:runtime_init_failed|interactive_picker|failed)|ApiContractViolation[^\n]{0,80}|RuntimeBroker[^\n]{0,80}(?:failed|error)/i,
  ],
  [
    "exchangeVersion",
    /(?:New-ExoPSSession|Connect-ExchangeOnline|Connect-IPPSSession)[\s\S]{0,400}(?:basic authentication is currently disabled in the client|WinRM client cannot process the request|Remote PowerShell (?:is|has been) (?:deprecated|retired))/i,
  ],
  ["additionalTenant", /current credential is not configured to acquire tokens for tenant[^\n]{0,120}/i],
  [
    "wcfForbidden",
    /HTTP request (?:was forbidden|is unauthorized) with client authentication scheme '\w{3,20}'/i,
  ],
  [
    "userWanted",
    /No token matching arguments found in the cache|No account or login hint was passed to the AcquireTokenSilent|ErrorCode: (?:user_null|no_tokens_found|no_account_for_login_hint|failed_to_refresh_token|multiple_matching_tokens_detected)|IDW10502|(?:ClientAuthError|BrowserAuthError|InteractionRequiredAuthError): (?:no_tokens_found|no_account_error|no_account_in_silent_request|no_cached_account_error|token_refresh_required|native_account_unavailable|refresh_token_expired|login_required|interaction_required)|MSALErrorDomain[^\n]{0,20}-50002|MsalUiRequiredException|failed_to_acquire_token_silently|AdalSilentTokenAcquisitionException|Failed to acquire token silently|No auth token found\. Authentication Flow needed|Token file retrieval error/i,
  ],
  [
    "federatedAnswer",
    /Federated service at https?:\/\/[^\s]{3,200} returned error|parsing_wstrust_response_failed|ID3242: The security token could not be authenticated|wstrust_endpoint_not_found|user_realm_discovery_failed|unknown_user_type|Unsupported User Type 'Unknown'|password_required_for_managed_user|integrated_windows_auth_not_supported_managed_user/i,
  ],
  [
    "authorityUnknown",
    /untrusted_authority|authority_(?:validation|host_validation)_failed|authority is not included in the list of known authorities|invalid_instance\b|'?authority'? (?:URI|Uri|url) (?:should|must) (?:be|have|start)[^\n]{0,100}|authorityUriInsecure|url_parse_error/i,
  ],
  ["connectThrown", /Connect-PnPOnline\s{0,3}: Exception has been thrown by the target of an invocation/i],
  [
    "connectThrown",
    /(?:Thumbprint|CertificatePath|-Certificate)\b[\s\S]{0,300}?Object reference not set to an instance of an object/i,
  ],
  [
    "dataversePrivilege",
    /SecLib::\w{3,40}|is missing prv\w{3,60} privilege|Principal user [^\n]{0,160} is missing [^\n]{3,80}|0x80040220\b/i,
  ],
  [
    "powerBi",
    /PowerBI(?:NotAuthorizedException|EntityNotFound|NotLicensedException)|API is not accessible for application/i,
  ],
  [
    "tokenEmpty",
    /Access token is undefined or empty|access_token is (?:undefined|null|empty)\b|Bearer (?:undefined|null|None)\b/i,
  ],
  [
    "argumentEmpty",
    /\b(?:secret|clientId|client_id|tenantId|tenant_id|domain|password|thumbprint|certificate|authority)\b['"`]? (?:must be a non[- ]?empty string|cannot be (?:null|empty|undefined)|(?:is|was) (?:undefined|not set|not defined)|must not be (?:null|empty))[^\n]{0,60}/i,
  ],
  ["devopsUser", /\bTF400813\b[^\n]{0,160}|\bVS30063\b[^\n]{0,120}/],
  [
    "devopsToken",
    /Failed to authenticate using the supplied token|requested resource requires user authentication: https:\/\/dev\.azure\.com/i,
  ],
  ["principalNotFound", /\bPrincipalNotFound\b[^\n]{0,160}/],
  ["clientRefused", /Authentication failure! invalid_credentials: OAuth2::Error\s*$/im],
  ["sharePointMalformed", /ID3035: The request was not valid|ID3082: The request scope is not valid/i],
  ["b2cSecret", /AADB2C(?:90019|90079|90081|90082|90273)\b[^\n]{0,160}/],
  ["b2cRedirect", /AADB2C(?:90006|90007)\b[^\n]{0,160}/],
  ["b2cGrant", /AADB2C(?:90080|90088|90129|90090)\b[^\n]{0,160}/],
  ["b2cConsent", /AADB2C(?:90205|90117|90055|90146)\b[^\n]{0,160}/],
  ["b2cUser", /AADB2C(?:90118|90091|90077|90037)\b[^\n]{0,160}/],
  ["clientRefused", bareError("invalid_client")],
  ["grantRefused", bareError("invalid_grant")],
  ["clientUnknown", bareError("unauthorized_client")],
  ["scopeRefused", bareError("invalid_scope")],
  ["resourceRefused", bareError("invalid_resource")],
];
