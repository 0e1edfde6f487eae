/**
 * Codes of sign-ins with users, devices and federations, in short: what they mean and what to do.
 *
 * The generated table has those of applications with all that is known of them; these are met in the same threads. Names
 * are those of the public list where it has the code; of the others the text is known from public threads only.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */

/** Number, name, cause, next step. */
type ShortEntry = readonly [number, string, string, string];

/**
 * Reads the short table.
 *
 * @returns number, name, cause and next step of each code
 */
export function userSignInCodes(): ShortEntry[] {
  return TABLE.trim()
    .split("\n")
    .map((line) => {
      const [code = "", name = "", cause = "", fix = ""] = line.split("|");
      return [Number(code), name, cause, fix];
    });
}

const TABLE = `
16000|InteractionRequired|The account that is signed in does not exist in this tenant, or several are signed in and the user has to choose.|Start the sign-in with prompt=select_account or a login_hint, or have the account added to the tenant as a guest.
16003|SsoUserAccountNotFoundInResourceTenant|The user is not in this tenant.|Invite the user, or sign in with another account.
17003|CredentialKeyProvisioningFailed|The key of the user's device could not be registered.|Try again; update the device.
20001|WsFedSignInResponseError|The federation server answered with an error.|Look at the server's own log.
20012|WsFedMessageInvalid|The answer of the federation server is not valid.|Look at the server's own log.
20033|FedMetadataInvalidTenantName|The federation's metadata names no such tenant.|Correct the metadata.
40008|OAuth2IdPUnretryableServerError|The other identity provider failed.|Look at its own log.
40009|OAuth2IdPRefreshTokenRedemptionUserError|The other identity provider did not renew its token.|Let the user sign in again.
40015|OAuth2IdPAuthCodeRedemptionUserError|The other identity provider refused the code.|Look at the configuration of the identity provider (secret, redirect address).
50002|NotAllowedTenant|The sign-in failed because a proxy restricts which tenants may be reached.|Let an administrator of the network allow the tenant.
50005|DevicePolicyError|The device or platform is not one that the policy of the tenant takes.|Use a supported platform, or let an administrator change the policy.
50006|InvalidSignature|The signature of a token or request that was passed on could not be verified.|Take a new token; do not change tokens on the way.
50007|PartnerEncryptionCertificateMissing|The application has no encryption certificate for what it wants.|Register the encryption certificate.
50008|InvalidSamlToken|The SAML assertion is missing, has run out or was wrongly made by the identity provider.|Check clock, signature and audience of the identity provider.
50010|AudienceUriValidationFailed|The audience of the application was not configured.|Check the identifier of the application.
50014|GuestUserInPendingState|The account does not exist in this tenant, or was invited and has not accepted.|Sign in at the right tenant, or invite the user and have the invitation accepted.
50017|CertificateValidationFailed|The certificate's chain could not be verified: the authority is not registered, the list of revocations cannot be read, or a link is missing.|Register the whole chain of the authority, and see that its list of revocations can be reached.
50042|UnableToGeneratePairwiseIdentifierWithMissingSalt|The directory lacks a value that it needs for the user's identifier.|Ask Microsoft's support.
50043|UnableToGeneratePairwiseIdentifierWithMultipleSalts|The directory has two values for the user's identifier.|Ask Microsoft's support.
50056|InvalidOrNullPassword|The directory has no password for this user, mostly a guest or a user from another directory.|Let the user sign in interactively, at the directory of their own.
50068|SignoutInitiatorNotParticipant|The application that signs out takes no part in the session.|Nothing has to be done.
50070|SignoutUnknownSessionIdentifier|The session to sign out of is not known.|Nothing has to be done.
50072|UserStrongAuthEnrollmentRequiredInterrupt|The user has to register a second factor.|Let the user sign in interactively once; without user use an application with a certificate.
50074|UserStrongAuthClientAuthNRequiredInterrupt|A second factor is wanted and was not given; a program with name and password cannot give it.|Sign the user in interactively, with the claims of the answer; without user use an application with a certificate.
50085|RefreshTokenNeedsSocialIdpLogin|The refresh token of a personal or social account has to be renewed by signing in.|Let the user sign in again.
50089|FlowTokenExpired|The page of the sign-in stood open too long.|Start the sign-in anew.
50097|DeviceAuthenticationRequired|A policy wants a device that is known to the tenant.|Sign in from a registered device, or let an administrator exclude the application; a program without user uses an application with a certificate.
50099|PKeyAuthInvalidJwtUnauthorized|The proof of the device is not valid.|Register the device anew.
50120|ThresholdJwtInvalidJwtFormat|The proof of the device has another form than wanted.|Ask Microsoft's support.
50125|PasswordResetRegistrationRequired|The user has to reset the password or register for that first.|Let the user sign in interactively once.
50127|BrokerAppNotInstalled|The policy wants a broker application on the device.|Install Authenticator or Company Portal.
50129|DeviceIsNotWorkplaceJoined|The policy wants a device that is joined to the tenant.|Join the device.
50131|ConditionalAccessFailed|A policy refuses the sign-in: by device, place, or a sign-in that looks wrong.|Let an administrator look the request up in the sign-in log.
50132|SsoArtifactInvalidOrExpired|The session ended because a password was changed or reset.|Let the user sign in again.
50133|SsoArtifactRevoked|The session ended because a password was changed or reset.|Let the user sign in again, and renew what is kept of tokens.
50134|DeviceFlowAuthorizeWrongDatacenter|The request went to another place than the session.|Start the sign-in anew.
50135|PasswordChangeCompromisedPassword|The password has to be changed because of a risk.|Let the user change it.
50136|RedirectMsaSessionToApp|A session of a personal account was found.|Sign in with an account of the organisation.
50139|SessionMissingMsaOAuth2RefreshToken|The session of the personal account has no refresh token.|Sign in again.
50140|KmsiInterrupt|The page "stay signed in" came between.|Let the user answer it; if it goes on, delete the cookies of the sign-in.
50143|SessionMismatch|The session is for another tenant than the request.|Sign in at the tenant that is meant.
50144|InvalidPasswordExpiredOnPremPassword|The user's password in the local directory has run out.|Let the user change it.
50155|DeviceAuthenticationFailed|The device could not prove who it is.|Register the device anew.
50158|ExternalSecurityChallenge|A further check outside Entra (another second factor, terms of use) was not passed; without a user's screen it cannot be.|Sign the user in interactively, or let an administrator exclude the account; without user use an application with a certificate.
50161|InvalidExternalSecurityChallengeConfiguration|The claims sent by the external check are not enough.|Correct the external check's configuration.
50168|ChromeBrowserSsoInterruptRequired|The browser has to be asked for the device's sign-in.|Let the browser extension do it, or sign in with another browser.
50169|InvalidRequestBadRealm|The realm is not one of the service's.|Check the address of the federation.
50170|MissingExternalClaimsProviderMapping|The mapping of the external check is missing.|Correct the external check's configuration.
50177|ExternalChallengeNotSupportedForPassthroughUsers|The external check does not go with guests of this kind.|Let an administrator exclude them.
50178|SessionControlNotSupportedForPassthroughUsers|Controls of the session do not go with guests of this kind.|Let an administrator exclude them.
50180|WindowsIntegratedAuthMissing|The sign-in with Windows' own account did not come about.|Switch seamless single sign-on on, or let the user sign in on the page.
50187|DeviceInformationNotProvided|The device sent nothing about itself.|Register the device, or use a browser that passes it on.
50192|RawCredentialExpectedNotFound|The sign-in came without the proof it was to bring, for example without the user's certificate, which a proxy may have removed.|Send the certificate, and keep proxies that read TLS away from the sign-in hosts.
50197|ConflictingIdentities|The user could not be found with the identities that were given.|Sign in again, with one account only.
50199|CmsiInterrupt|For safety the user has to confirm on a page that this application is meant to sign in.|Use the system's browser, where the page can be shown; without user use an application with a certificate.
51001|DomainHintMustbePresent|For this account domain_hint has to be sent.|Send domain_hint.
51004|UserAccountNotInDirectory|The user is not in the directory of this tenant.|Sign in with an account of the tenant, or invite the user.
51005|TemporaryRedirect|The service sends the request on to another place.|Follow the redirection.
51006|ForceReauthDueToInsufficientAuth|The sign-in with Windows' own account is not enough here.|Let the user sign in on the page.
52004|DelegationDoesNotExistForLinkedIn|The user has not consented to LinkedIn.|Consent to it, or leave it out.
53002|ApplicationUsedIsNotAnApprovedApp|The policy takes approved applications only.|Use one of them, or let an administrator change the policy.
53004|ProofUpBlockedDueToRisk|The user has to register a second factor, and that is blocked because of a risk.|Let an administrator look at the risk of the user.
53010|ProofUpBlockedDueToSecurityInfoAcr|A policy limits from where a second factor may be registered.|Register it from a place that the policy takes.
53011|UserBlockedDueToRiskOnHomeTenant|The user is blocked in the home tenant because of a risk.|Let an administrator there look at it.
54000|MinorUserBlockedLegalAgeGroupRule|A rule about the age of users blocks the sign-in.|Let an administrator look at the age group of the account.
67003|ActorNotValidServiceIdentity|What acts in the token is no service identity.|Use a service principal.
70012|MsaServerError|The service for personal accounts failed.|Try again after a pause.
70044|SessionExpired|The session has ended by the policy of the tenant (sign-in frequency).|Let the user sign in again.
75001|BindingSerializationError|The SAML message could not be read.|Use a binding that Entra knows.
75003|UnsupportedBindingError|The SAML binding is not supported.|Use HTTP POST.
75005|Saml2MessageInvalid|The SAML request is not one that Entra supports, or has a fault.|Compare it with the page of the SAML request.
75008|RequestDeniedError|The destination of the SAML request is not expected.|Set the destination to the sign-in address of the tenant.
75011|NoMatchedAuthnContextInOutputClaims|The user signed in by another method than the SAML request wants (a session of another kind was used).|Leave RequestedAuthnContext out, or send ForceAuthn.
75016|Saml2AuthenticationRequestInvalidNameIDPolicy|The NameIDPolicy of the SAML request is not valid.|Send one that Entra supports, or none.
80001|OnPremiseStoreIsNotAvailable|The agent for pass-through sign-in cannot be reached or cannot reach the local directory.|Look at the agents and at their network.
80002|OnPremisePasswordValidatorRequestTimedout|The local directory did not answer the agent in time.|Look at the domain controllers.
80007|OnPremisePasswordValidatorErrorOccurredOnPrem|The agent cannot check the password.|Look at the agent's log.
80012|OnPremisePasswordValidationAccountLogonInvalidHours|The account may not sign in at this hour.|Sign in at another time, or change the hours.
80013|OnPremisePasswordValidationTimeSkew|The clocks of agent and domain controller differ.|Set the clocks.
80014|OnPremisePasswordValidationAuthenticationAgentTimeout|The agent took too long.|Look at the agents and their load.
81004|DesktopSsoIdentityInTicketIsNotAuthenticated|The Kerberos sign-in failed.|Look at seamless single sign-on.
81005|DesktopSsoAuthenticationPackageNotSupported|The sign-in package is not supported.|Use Kerberos.
81010|DesktopSsoAuthTokenInvalid|The user's Kerberos ticket has run out or is not valid.|Purge the tickets, and renew the key of AZUREADSSOACC.
81012|DesktopSsoMismatchBetweenTokenUpnAndChosenUpn|Another account signs in than is signed in on the device.|Sign in with the same account.
90005|InvalidRequestWithMultipleRequirements|The request names the user twice: an identifier and login_hint do not go together.|Send one of them.
90007|InvalidSessionId|The session id of the request cannot be read.|Start the sign-in anew.
90016|MissingRequiredClaim|The access token has no claim that is needed.|Ask for a token of the right kind.
90020|InvalidNameIdentifier|The SAML assertion has no ImmutableID of the user.|Let the federation send it.
90022|AuthenticatedInvalidPrincipalNameFormat|The name of the principal has to be name[/host][@realm].|Correct the name.
90023|InvalidRequest|The request is not valid.|Read the sentence behind the number.
90027|MsaTenantNeedsVersion2|A personal account signs in at the v1.0 endpoint, which issues no tokens to such accounts.|Use the v2.0 endpoint.
90081|OrgIdWsFederationMessageInvalid|The WS-Federation message is not valid.|Look at what is really sent.
90082|OrgIdWsFederationNotSupported|The policy of authentication that was asked for is not supported.|Leave it out.
90093|GraphUserUnauthorized|Graph refused the consent: the user may not give it, or the application asks for what only an administrator can grant.|Let an administrator consent.
90120|InvalidDeviceFlowRequest|The device code was already used or refused.|Start the device sign-in anew.
120000|PasswordChangeIncorrectCurrentPassword|The present password was given wrongly.|Give it rightly.
130004|NgcKeyNotFound|The user has no Windows Hello key of that id.|Register the key anew.
130007|NgcDeviceIsDisabled|The device is switched off in the tenant.|Let an administrator enable it.
130500|PhoneSignInBlockedByUserCredentialPolicy|Signing in by phone is not allowed for this user.|Use another method.
135010|KeyNotFound|The key of the device is not registered.|Register the device anew.
135011|DeviceDisabled|The device is switched off in the tenant.|Let an administrator enable it.
140000|InvalidRequestNonce|The nonce of the request is missing or old.|Start the sign-in anew.
165000|InvalidApiRequest|A page of the sign-in lost its session or was opened twice.|Close the other pages, delete the cookies, start anew.
165900|InvalidApiRequest|A page of the sign-in got a request that does not fit.|Close the other pages and start anew.
240001|UserNotAuthorizedToRegisterDevices|The user may not register devices in this tenant.|Let an administrator allow it under device settings.
240002|IdTokenAsAssertion|An id_token was sent as assertion of the on-behalf-of flow (jwt-bearer). It says who signed in and is for the client itself.|Send the access token that the client got for your API; ask for it with the scope of the API.
399284|InboundIdTokenIssuer|The issuer of the id_token from the other identity provider is not the configured one.|Set the issuer to the one in its openid-configuration.
500022|CrossTenantBlockedByRestriction|The tenant is not one of those that the network allows (tenant restrictions).|Let an administrator of the network add the tenant.
500121|StrongAuthenticationDenied|The second factor was not given: refused, or not in time.|Try again; when nobody asked for it, take it for an attack. A program without user uses an application with a certificate.
500200|PersonalAccountInTenant|A personal account signs in at a tenant or an application that takes accounts of an organisation only.|Sign in with an account of the organisation, use the /common or /consumers endpoint, or register the application for personal accounts as well.
500201|ConsumerAtVersion1|A personal account signs in at the v1.0 endpoint, which issues no tokens to such accounts.|Use the v2.0 endpoint, or an account of the organisation.
500207|AccountTypeNotUsable|An account of this kind cannot be used for this API.|Sign in with an account of the organisation.
500208|DomainNotSignInName|The domain of the address is not one by which users of this tenant sign in (external tenants and B2C know their own accounts only).|Use an account of that tenant, or the address of the tenant to which the account belongs.
500571|GuestDisabled|The guest account is switched off in this tenant.|Let an administrator enable it.
530001|BrowserNotSupported|The browser cannot pass on what the policy wants of the device.|Use a browser that can.
530002|DeviceNotCompliant|The policy wants a compliant device.|Make the device compliant, or let an administrator exclude the application.
530004|AcceptCompliantDevice|The device's compliance of another tenant is not accepted.|Let the administrators change the settings between the tenants.
530034|DelegatedAdminBlocked|A risky delegated administrator was blocked.|Let an administrator look at the risk.
5000611|SymmetricKeyDerivationFunctionVersion|The version of the key derivation of the device is too old.|Update the device.
7500525|SamlXmlError|The SAML message is no well formed XML.|Look at what is really sent.
7500529|SamlIdInvalid|The ID of the SAML request is not valid: it must not begin with a digit.|Put a letter or _ before it.
9001011|DevicePolicyUnsupportedState|A policy wants a state of the device (joined to a domain) that this platform cannot have.|Let an administrator exclude the platform or application from the policy, or use a compliant device.
9002341|UserMustConsentSingleSignOn|The user has to permit single sign-on on this device.|Let the user answer the page.
9002346|PersonalAccountsOnly|The application is registered for personal accounts only, and was asked for at another endpoint.|Use the /consumers endpoint, or change who may sign in.
`;
