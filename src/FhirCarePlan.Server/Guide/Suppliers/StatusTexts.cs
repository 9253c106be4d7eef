using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Guide.Suppliers;

/// <param name="Again">Whether the same request may be sent again.</param>
internal sealed record StatusText(AnswerKind Kind, string Why, string Fix, string Again);

/// <summary>What each refusal means to a client, in the order of the program's own list. src/docs/sharing.md#statuses</summary>
internal static class StatusTexts
{
    private const string No = "No: change it first", Later = "Yes, after Retry-After";

    public static IReadOnlyList<StatusText> All { get; } =
    [
        new(AnswerKind.Malformed, "The request or its body cannot be read: syntax, an unknown parameter, an id that is not the address's.", "Correct what the issue names. With Prefer: handling=lenient, unknown search parameters are passed over.", No),
        new(AnswerKind.NotAuthenticated, "No token, or one that is not good.", "See security: the answer says why.", "With a good token"),
        new(AnswerKind.Forbidden, "You may not write this. The answer depends on you and the type, never on the record.", "Ask the organisation that holds it, or your governance lead. The key is the gate or the right that is missing; insufficient_scope is about the token's scopes.", No),
        new(AnswerKind.NotFound, "Not in your view: never there, hidden, or not yours.", "Show “not found”. $explain on a resource that you see says which rule decides.", "No"),
        new(AnswerKind.NotSupported, "There is no such address or type here.", "See the capability statement.", "No"),
        new(AnswerKind.NotAllowed, "The address does not answer this method.", "Allow lists the methods that it answers.", "No"),
        new(AnswerKind.NotAcceptable, "No format that you accept can be written.", "Accept application/fhir+json or application/fhir+xml.", No),
        new(AnswerKind.UnsupportedMedia, "The body is in a format or encoding that is not read.", "Send application/fhir+json or application/fhir+xml in UTF-8; gzip or br as Content-Encoding.", No),
        new(AnswerKind.Gone, "It was deleted, and you could see it.", "Take it off your lists. Its history can be read.", "No"),
        new(AnswerKind.Conflict, "Another resource is in the way: a second open assessment, an id in use, two entries that write the same.", "Work with the one that the issue names.", No),
        new(AnswerKind.Stale, "If-Match names another version than the newest, or criteria match several.", "Read again, apply your change to what you read, send it with the new ETag. Make criteria match one.", No),
        new(AnswerKind.TooLarge, "The body, the answer or the work is beyond a limit.", "Send or ask for less at a time; _count and smaller bundles help.", No),
        new(AnswerKind.Unprocessable, "The body was read, and breaks a rule of R4, of a profile, of the agreement or of care.", "Each issue names its element and its key. Ask $validate before you write.", No),
        new(AnswerKind.PreconditionRequired, "A change of this type needs If-Match.", "Send the ETag that you read.", No),
        new(AnswerKind.TooMany, "You ask for more work than one client may.", "Slow down; see security for the limits.", Later),
        new(AnswerKind.Unavailable, "Something that the server needs does not answer. Nothing was changed, unless the key is not-known.", "Try again. After not-known read first: the change may be stored.", Later),
        new(AnswerKind.Damaged, "A stored resource is not as it was written.", "Tell the people who run the server, with the X-Correlation-Id.", "No"),
    ];
}
