/**
 * What each language says when certificate, key or PFX cannot be read. The first that fits is taken.
 */

const FILE = String.raw`[^'"\n]{0,200}?\.(?:pem|pfx|p12|cer|crt|key|der|jks|keystore)`;

/** Message and the sentences that stand for it. */
export const KEY_MESSAGES: ReadonlyArray<readonly [string, RegExp]> = [
  [
    "fileMissing",
    new RegExp(
      `(?:ENOENT: no such file or directory, open ['"]|FileNotFoundError: [^\\n'"]{0,80}['"]|Could not find (?:file|a part of the path) ['"]|(?:NoSuchFileException|FileNotFoundException):? |\\bopen |Can't open ['"]?|Cannot find (?:path|file) ['"]|No such file or directory(?: @ rb_sysopen)?[^\\w\\n]{1,6}|failed to open stream: )${FILE}\\b[^\\n]{0,80}(?:no such file|cannot find|for reading|does not exist|not found)?`,
      "i",
    ),
  ],
  ["fileMissing", /Cannot find path 'Cert:\\[^'\n]{1,120}' because it does not exist/i],
  [
    "fileDenied",
    new RegExp(
      `(?:EACCES: permission denied, open ['"]|PermissionError: [^\\n'"]{0,60}['"]|Access to the path ['"]|AccessDeniedException:? )${FILE}\\b`,
      "i",
    ),
  ],
  [
    "fileDenied",
    /Certificate(?:Path|FilePath)\b[\s\S]{0,400}?(?:Access to the path '[^'\n]{1,200}' is denied|Access to Path '[^'\n]{1,200}' is denied)/i,
  ],
  [
    "keysDiffer",
    /key values mismatch|KEY_VALUES_MISMATCH|private key does not match (?:the )?public key|No certificate matches private key|(?:certificate and (?:the )?(?:private )?key|private key and (?:the )?certificate) do(?:es)? not match|key does not match (?:the )?certificate/i,
  ],
  [
    "keyPassphraseMissing",
    /Password was not given but private key is encrypted|Passphrase required for encrypted key|ERR_MISSING_PASSPHRASE|routines::interrupted or cancelled|TypeError: Password was not given|(?:unable|cannot|can't|could not) [^\n]{0,40}encrypted private key|encrypted private keys? (?:is|are) not supported/i,
  ],
  ["keyPassphraseNeedless", /Password was given but private key is not encrypted/i],
  [
    "keyPassphraseWrong",
    /Incorrect password, could not decrypt key|EncryptedPrivateKeyInfo structure was decoded but was not successfully interpreted|BAD_DECRYPT\b|bad decrypt\b|BadPaddingException[^\n]{0,80}|Given final block not properly padded|x509: decryption password incorrect|Bad decrypt\. Incorrect password/i,
  ],
  [
    "pkcs12Passphrase",
    /keystore password was incorrect|Keystore was tampered with, or password was incorrect|Invalid password or PKCS12 data|certificate data cannot be read with the provided password|MAC verification failed during PKCS12 import|errSecPkcs12VerifyFailure|PKCS12_parse: mac verify failure|0x80070056|password for the certificate is incorrect|PKCS12 (?:keystore )?(?:mac|decrypt)[^\n]{0,40}(?:fail|invalid)/i,
  ],
  [
    "pkcs12TooNew",
    /Algorithm HmacPBESHA256 not available|parseAlgParameters failed: PBE AlgorithmParameters not available|PBES2[^\n]{0,80}(?:not available|not supported|unknown)|(?:pkcs12|pfx)[^\n]{0,80}1\.2\.840\.113549\.1\.5\.13/i,
  ],
  [
    "certificateNotRead",
    /Cannot find the requested object|0x80092009|CRYPT_E_NO_MATCH|CRYPT_E_BAD_ENCODE|(?:CryptographicException|X509Certificate2?)[\s\S]{0,200}ASN1 (?:corrupted data|bad tag value met|unexpected end of data)|key contents do not contain a PEM|No supported key formats were found|No PEM (?:encoded data found|block)/i,
  ],
  [
    "keyStoreProfile",
    /(?:CryptographicException|X509Certificate2?)\b[^\n]{0,80}(?:An internal error occurred|Bad Data|The parameter is incorrect|The profile for the user is a temporary profile|Access is denied|Object already exists|The system cannot find the path specified)/i,
  ],
  [
    "privateKeyMissing",
    /SignWithCertificate\([\s\S]{0,400}?NullReferenceException|NTE_BAD_KEYSET|0x80090016|Keyset (?:as registered is invalid|is not defined)/i,
  ],
  [
    "certificateNotInStore",
    /m_safeCertContext is an invalid handle|errSecItemNotFound|(?:X509Certificate2Collection|X509Store|Certificates\.Find)[\s\S]{0,300}(?:Index was out of range|Sequence contains no elements)|(?:Index was out of range|Sequence contains no elements)[\s\S]{0,300}(?:X509Certificate2Collection|X509Store|Certificates\.Find)|certificate(?: with [^\n]{1,100})? (?:was|could) not (?:be )?found in (?:the )?(?:certificate |local |my |specified )?stores?|No certificate (?:was )?found (?:in|with|matching)[^\n]{0,100}|ConvertTo-Certificate|Unable to (?:find|load|locate) (?:the )?certificate (?:with|by|from|in)[^\n]{0,100}/i,
  ],
  [
    "keyUnreadable",
    /PEM lib \(_ssl|\bUnable to load (?:certificate|private key|PEM)\b|Expecting a PEM-formatted key|supplied key param cannot be coerced into a private key|OpenSSL unable to (?:sign data|validate key)|unable to load (?:private key|certificate|key|pkcs12)|Could not (?:read|find) (?:private key|certificate|any key)|failed to (?:find any PEM data|parse PEM block|decode PEM block|parse private key|parse certificate)|asn1: (?:structure|syntax) error[^\n]{0,60}|error parsing asn1 value|ASN\.1 parsing error|toDerInputStream rejects tag type|DerInputStream\.getLength|DerValue\.getOctetString|lengthTag=\d{1,4}, too big|Invalid keystore format|Neither PUB key nor PRIV key|nested asn1 error|PEM_read_bio[^\n]{0,80}|MalformedFraming|x509: (?:malformed certificate|failed to parse private key)[^\n]{0,80}|use ParsePKCS\w{2,20}PrivateKey instead|ERR_OSSL_(?:PEM|ASN1|UNSUPPORTED|DECODER|WRONG_TAG|NOT_ENOUGH_DATA|NESTED_ASN1|EVP|CRYPTO|HEADER)\w{0,60}|Unable to parse (?:the )?(?:certificate|PEM|private key)|Could not parse (?:certificate|private key|key)[^\n]{0,80}|not a (?:valid )?\*?\.?(?:pfx|PEM|PKCS ?#?12) file|(?:certificate|PEM|private key) (?:file |data |string )?is (?:invalid|malformed|not valid)[^\n]{0,60}|invalid (?:PEM|certificate, )|please use a valid PEM file|Unrecoverable ?KeyException[^\n]{0,80}|Invalid private key[^\n]{0,60}|AndroidKeyStore\w{0,40}\.(?:load|generate|engineGet)\w{0,40}|unable to instantiate keystore class|PrivateKeyFactory|Failed to (?:read|load|parse) (?:the )?(?:private key|certificate|PEM|pfx|PKCS)[^\n]{0,80}/i,
  ],
  [
    "certificateNotRead",
    /(?:X509Certificate|FromBase64String|PKCS8EncodedKeySpec|Base64\$Decoder)[\s\S]{0,300}(?:not a valid Base-64 string|Illegal base64 character)|(?:not a valid Base-64 string|Illegal base64 character)[\s\S]{0,300}(?:X509Certificate|[Cc]ertificate|PrivateKey)/,
  ],
  // No sentence that is known, and yet the stack says that a certificate or key was being read.
  [
    "keyStoreProfile",
    /^[^\n]{3,300}\n{1,2}\s{0,20}at (?:Internal\.Cryptography\.Pal\.CertificatePal|System\.Security\.Cryptography\.X509Certificates\.(?:X509Certificate2?\.\.ctor|X509Utils|CertificatePal|X509CertificateLoader))/m,
  ],
  [
    "keyUnreadable",
    /^[^\n]{3,300}\n\s{0,20}(?:at sun\.security\.(?:pkcs12|pkcs|provider\.JavaKeyStore|util\.Der)|at java\.security\.KeyStore\.load|at (?:Sign\.sign|createPrivateKey|new PrivateKeyObject)\b|File "[^"\n]{0,120}cryptography\/hazmat\/primitives\/serialization)/m,
  ],
];
