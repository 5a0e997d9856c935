/*
 * A fake of ncrypt.dll for Wine 8, whose own has no elliptic curves: as much of the key storage functions as .NET calls for ephemeral keys on
 * P-256, on the primitives of bcrypt.dll, which Wine has. Written from Microsoft's documentation of NCrypt* (learn.microsoft.com, "CNG Key Storage
 * Functions"). Tests put it into their Wine prefix; nothing ships it, and Windows has its own.
 */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include <bcrypt.h>
#include <string.h>

#define DLL __declspec(dllexport)
#define CALL WINAPI

typedef LONG STATUS;
typedef ULONG_PTR HANDLE_VALUE;

#define OK 0
#define BAD_DATA ((STATUS)0x80090005)
#define BAD_SIGNATURE ((STATUS)0x80090006)
#define NOT_FOUND ((STATUS)0x80090011)
#define BAD_HANDLE ((STATUS)0x80090026)
#define NOT_SUPPORTED ((STATUS)0x80090029)
#define TOO_SMALL ((STATUS)0x80090028)
#define NO_MEMORY ((STATUS)0x8009000E)

#define COORDINATE 32
#define KEY_BITS 256
#define GENERIC_PUBLIC 0x50444345  /* BCRYPT_ECDSA_PUBLIC_GENERIC_MAGIC */
#define GENERIC_PRIVATE 0x56444345 /* BCRYPT_ECDSA_PRIVATE_GENERIC_MAGIC */
#define PROPERTIES 4
#define PROPERTY_SIZE 64

enum kind { PROVIDER = 0x50524f56, KEY = 0x4b455931 };

struct property {
    WCHAR name[PROPERTY_SIZE];
    BYTE value[PROPERTY_SIZE];
    DWORD size;
};

struct object {
    enum kind kind;
    BCRYPT_KEY_HANDLE key;
    struct property properties[PROPERTIES]; /* what was set and means nothing here: given back as it came */
    int property_count;
};

/* PrivateKeyInfo (RFC 5208) of an ECPrivateKey (RFC 5915) on P-256 with its public key: only the numbers differ. */
static const BYTE pkcs8_head[] = {
    0x30, 0x81, 0x87, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
    0xce, 0x3d, 0x03, 0x01, 0x07, 0x04, 0x6d, 0x30, 0x6b, 0x02, 0x01, 0x01, 0x04, 0x20 };
static const BYTE pkcs8_middle[] = { 0xa1, 0x44, 0x03, 0x42, 0x00, 0x04 };
#define PKCS8_SIZE (sizeof pkcs8_head + COORDINATE + sizeof pkcs8_middle + 2 * COORDINATE)

static BCRYPT_ALG_HANDLE algorithm;

static BOOL same(const WCHAR *a, const WCHAR *b) { return lstrcmpW(a, b) == 0; }

static STATUS of_bcrypt(NTSTATUS status)
{
    if (status >= 0) return OK;
    if (status == (NTSTATUS)0xC000A000) return BAD_SIGNATURE; /* STATUS_INVALID_SIGNATURE */
    return status == (NTSTATUS)0xC0000023 ? TOO_SMALL : BAD_DATA;
}

static BCRYPT_ALG_HANDLE p256(void)
{
    if (!algorithm) BCryptOpenAlgorithmProvider(&algorithm, BCRYPT_ECDSA_P256_ALGORITHM, NULL, 0);
    return algorithm;
}

static struct object *object_of(HANDLE_VALUE handle, enum kind kind)
{
    struct object *object = (struct object *)handle;
    return object && object->kind == kind ? object : NULL;
}

static STATUS make(enum kind kind, HANDLE_VALUE *handle)
{
    struct object *object = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof *object);
    if (!object) return NO_MEMORY;
    object->kind = kind;
    *handle = (HANDLE_VALUE)object;
    return OK;
}

/* The size where no room is given, and as much as was asked for where there is. */
static STATUS give(const void *value, DWORD size, BYTE *output, DWORD room, DWORD *result)
{
    *result = size;
    if (!output) return OK;
    if (room < size) return TOO_SMALL;
    CopyMemory(output, value, size);
    return OK;
}

static STATUS give_text(const WCHAR *text, BYTE *output, DWORD room, DWORD *result)
{
    return give(text, (lstrlenW(text) + 1) * sizeof(WCHAR), output, room, result);
}

DLL STATUS CALL NCryptOpenStorageProvider(HANDLE_VALUE *provider, const WCHAR *name, DWORD flags)
{
    return make(PROVIDER, provider);
}

DLL STATUS CALL NCryptFreeObject(HANDLE_VALUE handle)
{
    struct object *object = (struct object *)handle;
    if (!object || (object->kind != PROVIDER && object->kind != KEY)) return BAD_HANDLE;
    if (object->key) BCryptDestroyKey(object->key);
    object->kind = 0;
    HeapFree(GetProcessHeap(), 0, object);
    return OK;
}

DLL STATUS CALL NCryptCreatePersistedKey(HANDLE_VALUE provider, HANDLE_VALUE *key, const WCHAR *algorithm_id, const WCHAR *name, DWORD spec, DWORD flags)
{
    STATUS status;
    if (!object_of(provider, PROVIDER)) return BAD_HANDLE;
    if (!same(algorithm_id, BCRYPT_ECDSA_P256_ALGORITHM) || name) return NOT_SUPPORTED;
    if ((status = make(KEY, key))) return status;
    return of_bcrypt(BCryptGenerateKeyPair(p256(), &((struct object *)*key)->key, KEY_BITS, 0));
}

DLL STATUS CALL NCryptFinalizeKey(HANDLE_VALUE key, DWORD flags)
{
    struct object *object = object_of(key, KEY);
    return object ? of_bcrypt(BCryptFinalizeKeyPair(object->key, 0)) : BAD_HANDLE;
}

DLL STATUS CALL NCryptSetProperty(HANDLE_VALUE handle, const WCHAR *name, BYTE *value, DWORD size, DWORD flags)
{
    struct object *object = (struct object *)handle;
    struct property *property;
    if (!object) return BAD_HANDLE;
    if (size > PROPERTY_SIZE || lstrlenW(name) >= PROPERTY_SIZE || object->property_count == PROPERTIES) return NOT_SUPPORTED;
    property = &object->properties[object->property_count++];
    lstrcpyW(property->name, name);
    CopyMemory(property->value, value, property->size = size);
    return OK;
}

DLL STATUS CALL NCryptGetProperty(HANDLE_VALUE handle, const WCHAR *name, BYTE *output, DWORD room, DWORD *result, DWORD flags)
{
    struct object *object = (struct object *)handle;
    DWORD bits = KEY_BITS;
    int i;
    if (!object) return BAD_HANDLE;
    for (i = object->property_count - 1; i >= 0; i--)
        if (same(object->properties[i].name, name)) return give(object->properties[i].value, object->properties[i].size, output, room, result);
    if (object->kind != KEY) return NOT_FOUND;
    if (same(name, L"Algorithm Name")) return give_text(BCRYPT_ECDSA_P256_ALGORITHM, output, room, result);
    if (same(name, L"Algorithm Group")) return give_text(L"ECDSA", output, room, result);
    if (same(name, L"ECCCurveName")) return give_text(L"nistP256", output, room, result);
    if (same(name, L"Length") || same(name, L"PublicKeyLength")) return give(&bits, sizeof bits, output, room, result);
    return NOT_FOUND;
}

static STATUS import_private(struct object *object, const BYTE *d, const BYTE *point)
{
    BYTE blob[sizeof(BCRYPT_ECCKEY_BLOB) + 3 * COORDINATE];
    BCRYPT_ECCKEY_BLOB *head = (BCRYPT_ECCKEY_BLOB *)blob;
    head->dwMagic = BCRYPT_ECDSA_PRIVATE_P256_MAGIC;
    head->cbKey = COORDINATE;
    CopyMemory(blob + sizeof *head, point, 2 * COORDINATE);
    CopyMemory(blob + sizeof *head + 2 * COORDINATE, d, COORDINATE);
    return of_bcrypt(BCryptImportKeyPair(p256(), NULL, BCRYPT_ECCPRIVATE_BLOB, &object->key, blob, sizeof blob, 0));
}

DLL STATUS CALL NCryptImportKey(HANDLE_VALUE provider, HANDLE_VALUE import_key, const WCHAR *type, void *parameters, HANDLE_VALUE *key, BYTE *data, DWORD size, DWORD flags)
{
    BYTE blob[sizeof(BCRYPT_ECCKEY_BLOB) + 3 * COORDINATE];
    BCRYPT_ECCKEY_BLOB *head = (BCRYPT_ECCKEY_BLOB *)blob;
    struct object *object;
    STATUS status;
    if (!object_of(provider, PROVIDER)) return BAD_HANDLE;
    if ((status = make(KEY, key))) return status;
    object = (struct object *)*key;
    if (same(type, L"PKCS8_PRIVATEKEY")) {
        const BYTE *d = data + sizeof pkcs8_head, *middle = d + COORDINATE;
        if (size != PKCS8_SIZE || memcmp(data, pkcs8_head, sizeof pkcs8_head) || memcmp(middle, pkcs8_middle, sizeof pkcs8_middle)) status = NOT_SUPPORTED;
        else status = import_private(object, d, middle + sizeof pkcs8_middle);
    } else if (size > sizeof blob || size < sizeof *head || (!same(type, BCRYPT_ECCPUBLIC_BLOB) && !same(type, BCRYPT_ECCPRIVATE_BLOB))) {
        status = NOT_SUPPORTED;
    } else {
        CopyMemory(blob, data, size);
        if (head->dwMagic == GENERIC_PUBLIC) head->dwMagic = BCRYPT_ECDSA_PUBLIC_P256_MAGIC;
        if (head->dwMagic == GENERIC_PRIVATE) head->dwMagic = BCRYPT_ECDSA_PRIVATE_P256_MAGIC;
        status = head->cbKey == COORDINATE ? of_bcrypt(BCryptImportKeyPair(p256(), NULL, type, &object->key, blob, size, 0)) : NOT_SUPPORTED;
    }
    if (status) NCryptFreeObject(*key);
    return status;
}

DLL STATUS CALL NCryptExportKey(HANDLE_VALUE key, HANDLE_VALUE export_key, const WCHAR *type, void *parameters, BYTE *output, DWORD room, DWORD *result, DWORD flags)
{
    struct object *object = object_of(key, KEY);
    BYTE blob[sizeof(BCRYPT_ECCKEY_BLOB) + 3 * COORDINATE], pkcs8[PKCS8_SIZE], *at = pkcs8;
    ULONG size = 0;
    STATUS status;
    if (!object) return BAD_HANDLE;
    if (!same(type, L"PKCS8_PRIVATEKEY")) {
        if ((status = of_bcrypt(BCryptExportKey(object->key, NULL, type, blob, sizeof blob, &size, 0)))) return status;
        return give(blob, size, output, room, result);
    }
    if ((status = of_bcrypt(BCryptExportKey(object->key, NULL, BCRYPT_ECCPRIVATE_BLOB, blob, sizeof blob, &size, 0)))) return status;
    CopyMemory(at, pkcs8_head, sizeof pkcs8_head), at += sizeof pkcs8_head;
    CopyMemory(at, blob + sizeof(BCRYPT_ECCKEY_BLOB) + 2 * COORDINATE, COORDINATE), at += COORDINATE;
    CopyMemory(at, pkcs8_middle, sizeof pkcs8_middle), at += sizeof pkcs8_middle;
    CopyMemory(at, blob + sizeof(BCRYPT_ECCKEY_BLOB), 2 * COORDINATE);
    return give(pkcs8, sizeof pkcs8, output, room, result);
}

DLL STATUS CALL NCryptSignHash(HANDLE_VALUE key, void *padding, BYTE *hash, DWORD hash_size, BYTE *signature, DWORD room, DWORD *result, DWORD flags)
{
    struct object *object = object_of(key, KEY);
    ULONG size = 0;
    STATUS status;
    if (!object) return BAD_HANDLE;
    *result = 2 * COORDINATE;
    if (!signature) return OK;
    status = of_bcrypt(BCryptSignHash(object->key, NULL, hash, hash_size, signature, room, &size, 0));
    *result = size;
    return status;
}

DLL STATUS CALL NCryptVerifySignature(HANDLE_VALUE key, void *padding, BYTE *hash, DWORD hash_size, BYTE *signature, DWORD signature_size, DWORD flags)
{
    struct object *object = object_of(key, KEY);
    return object ? of_bcrypt(BCryptVerifySignature(object->key, NULL, hash, hash_size, signature, signature_size, 0)) : BAD_HANDLE;
}

DLL STATUS CALL NCryptIsKeyHandle(HANDLE_VALUE key) { return object_of(key, KEY) != NULL; }
