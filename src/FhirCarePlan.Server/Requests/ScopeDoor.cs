using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Sharing;
using FhirCarePlan.Sharing.Smart;

namespace FhirCarePlan.Server.Requests;

/// <summary>Says at the door what the scopes of a token do not cover at all: by interaction and type, so that the answer tells nothing of what is
/// stored. A read finds nothing, a search finds nothing and says why, a write or an operation is 403. What a scope covers in part is narrowed
/// in the view (Units/Narrowing). https://www.rfc-editor.org/rfc/rfc6750#section-3.1, src/docs/smart.md#what-is-answered</summary>
public static class ScopeDoor
{
    public const string Narrowed = " The scopes of your token narrow what you see, besides the agreement.";

    private static readonly string[] All = ["create", "read", "update", "delete", "search"];

    /// <summary>Null when the request may go on.</summary>
    public static Answer? Of(FhirRequest request)
    {
        var interaction = request.Interaction;
        if (request.Caller.Scopes is not { } scopes || interaction.IsPublic) return null;
        if (interaction.IsOperation) return OfOperation(request, scopes);
        // The types of a bundle's entries and of a search of everything are looked at one by one.
        if (request.Type.Length == 0) return null;
        var action = interaction.Action ?? (interaction.Level is Level.Instance or Level.Version ? "read" : "search");
        if (Covers(scopes, action, request.Type)) return null;
        return interaction.Writes ? Insufficient(request.Caller, action, request.Type) : action == "read" ? Answer.NotHere : NothingFound(request);
    }

    /// <summary>Criteria of a write that the scopes do not let the caller search by would find nothing, and a feed would store everything again: they
    /// are refused.</summary>
    public static Answer? OfCriteria(Caller caller, string type) =>
        caller.Scopes is { } scopes && !Covers(scopes, "search", type) ? Insufficient(caller, "search", type) : null;

    /// <summary>One on a stored resource reads it; one on a type or on the server needs some scope of the type.</summary>
    private static Answer? OfOperation(FhirRequest request, Scopes scopes)
    {
        // One that asks of everything sees through the view, type by type.
        if (request.Type.Length == 0 && request.Interaction.AsksOfMany) return null;
        var type = request.Type.Length > 0 ? request.Type : request.Interaction.On ?? LedgerReading.Type;
        if (request.Interaction.Level is Level.Instance or Level.Version) return Covers(scopes, "read", type) ? null : Answer.NotHere;
        return All.Any(action => Covers(scopes, action, type)) ? null : Insufficient(request.Caller, "read", type);
    }

    private static bool Covers(Scopes scopes, string action, string type) =>
        scopes.For(action, type).Any(g => g.Restriction is null || Narrowing.MayRestrict(type));

    public static Answer Insufficient(Caller caller, string action, string type) =>
        Refused($"The scopes of your token do not let you {action} this `{type}`. "
            + $"A scope that would, if you can get it: `{Wanted(caller, action, type)}`.", Wanted(caller, action, type));

    /// <summary>The rules of care must see what a write could contradict.</summary>
    public static Answer Unread(IReadOnlyCollection<string> types) =>
        Refused($"The rules of care must read {string.Join(", ", types.Select(t => $"`{t}`"))} before this is stored, and the scopes of your token do not cover that.",
            string.Join(' ', types.Select(t => $"user/{t}.r")));

    private static Answer Refused(string text, string wanted) =>
        Answer.Refuse(AnswerKind.Forbidden, IssueType.Forbidden, text, key: Scopes.Gate) with
        { Challenge = $"Bearer realm=\"fhir\", error=\"insufficient_scope\", scope=\"{wanted}\"" };

    private static string Wanted(Caller caller, string action, string type) => $"{(caller.Subject == caller.Client ? "system" : "user")}/{type}.{Scopes.LetterOf(action)}";

    private static Answer NothingFound(FhirRequest request)
    {
        var bundle = new BundleWriter(request.Interaction.Code.StartsWith("history", StringComparison.Ordinal) ? "history" : "searchset");
        bundle.Total(0);
        bundle.Link("self", $"{request.BaseUrl}/{request.Type}");
        bundle.Entry(null, OutcomeJson.Write([new Issue(IssueSeverity.Warning, IssueType.Forbidden, "",
            $"The scopes of your token do not let you search `{request.Type}`, so nothing is found. "
                + $"A scope that would: `{Wanted(request.Caller, "search", request.Type)}`.") { Key = Scopes.Gate }]), "outcome");
        return new Answer(AnswerKind.Ok) { Body = bundle.Done() };
    }
}
