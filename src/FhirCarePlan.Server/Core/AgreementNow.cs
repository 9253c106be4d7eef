using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Core;

/// <summary>Whether the agreement is in force just now, and the words for each who must know when it is not. They are made of the agreement and
/// the clock alone, so they tell nothing about any record.</summary>
public sealed class AgreementNow(Protocol protocol, TimeProvider clock)
{
    public const string Key = "agreement";
    private const int NearDays = 30;

    public Protocol Protocol => protocol;
    public AgreementStatus Status => Agreement.Status(protocol, clock.GetUtcNow());

    /// <summary>`in-force`, `not-active`, `not-yet`, `ended`, `changed`, `unsigned`, `signed-later`.</summary>
    public static string Code(AgreementState state) => state switch
    {
        AgreementState.InForce => "in-force",
        AgreementState.NotActive => "not-active",
        AgreementState.NotYet => "not-yet",
        AgreementState.SignedLater => "signed-later",
        _ => state.ToString().ToLowerInvariant(),
    };

    /// <summary>Null while it is in force; else for whoever runs the service.</summary>
    public string? Alarm => Status is { IsInForce: false } status
        ? $"{status.Plain} Nothing is shared between organisations until that is mended: each sees only what it keeps itself, "
            + "and people see their own record."
        : null;

    /// <summary>Null when the last day is not near.</summary>
    public int? DaysLeft
    {
        get
        {
            var days = protocol.Effective.To.DayNumber - DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).DayNumber;
            return Status.IsInForce && days < NearDays ? days : null;
        }
    }

    /// <summary>Null while it is in force, for an organisation by itself, which shares with nobody, and for somebody who is no party.</summary>
    public string? ToCaller(Caller caller)
    {
        if (protocol.IsSoleParty || protocol.Party(caller.Party) is not { } party || Status is not { IsInForce: false } status) return null;
        return caller.Patient != null
            ? $"{status.Plain} You still see your own record; others see only what they hold themselves."
            : $"{status.Plain} Until this is put right you see only what {party.Name} holds itself. Your governance lead can ask the other parties.";
    }

    /// <summary>The same as a warning in the answer of a search; a governance lead is told which text it is about.</summary>
    public Issue? Notice(Caller caller, bool isGovernance) => ToCaller(caller) is { } words
        ? new Issue(IssueSeverity.Warning, IssueType.BusinessRule, "",
            isGovernance ? $"{words} The agreement is {protocol.Canonical}, SHA-256 {protocol.Hash}." : words)
        { Key = Key }
        : null;
}
