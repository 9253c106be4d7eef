using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Smart;
using Microsoft.Extensions.Primitives;

namespace FhirCarePlan.Server.Authentication;

/// <summary>Scopes of SMART in a request for a persona's token: beside the purpose in `scope`, with the person of the launch context in
/// `patient`. https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html</summary>
public sealed record DevScopes(string Text, string? Patient)
{
    /// <summary>Null when none is asked for.</summary>
    public static DevScopes? Read(StringValues scope, string? patient)
    {
        var smart = scope.SelectMany(Words).Where(IsSmart).ToList();
        return smart.Count == 0 ? null : new(string.Join(' ', smart), patient);
    }

    /// <summary>What is left of `scope` for the purpose.</summary>
    public static string Without(string? scope) => string.Join(' ', Words(scope).Where(w => !IsSmart(w)));

    /// <summary>A person's own record is their launch context.</summary>
    public string? PatientOf(Persona persona) => IdOf(persona.Patient ?? Patient);

    internal void AddTo(Dictionary<string, object> claims, Persona persona)
    {
        claims["scope"] = Text;
        if (PatientOf(persona) is { } patient) claims["patient"] = patient;
        if (Words(Text).Contains("fhirUser") && (persona.PractitionerRole ?? persona.Patient ?? persona.RelatedPerson) is { } user) claims["fhirUser"] = user;
    }

    private static string[] Words(string? scope) => (scope ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static bool IsSmart(string word) => word is "openid" or "profile" || ScopeReader.Read([word]) is not null;

    private static string? IdOf(string? reference) => reference is null ? null : Reference.LastPart(reference);
}
