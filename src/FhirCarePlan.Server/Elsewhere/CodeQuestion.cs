using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.Server.Elsewhere;

/// <summary>A question for the terminology server: an operation with addresses of definitions and codes, and nothing else. What a display, a
/// text or a filter says is not asked, since a person may be in it.</summary>
/// <param name="Path">Below the server's FHIR base.</param>
/// <param name="Expects">The type of resource that answers it.</param>
public readonly record struct CodeQuestion(string Path, string Expects)
{
    private const string Snomed = "http://snomed.info/sct", Dmd = "https://dmd.nhs.uk";
    private const int LongestCode = 64, LongestAddress = 256;

    public static CodeQuestion IsMember(string valueSet, string system, string code) =>
        new($"ValueSet/$validate-code?url={Sent(valueSet)}&system={Sent(system)}&code={Sent(code)}", "Parameters");

    public static CodeQuestion IsCode(string system, string code) => new($"CodeSystem/$validate-code?url={Sent(system)}&code={Sent(code)}", "Parameters");

    public static CodeQuestion LookUp(string system, string code) => new($"CodeSystem/$lookup?system={Sent(system)}&code={Sent(code)}", "Parameters");

    public static CodeQuestion Subsumes(string system, string a, string b) =>
        new($"CodeSystem/$subsumes?system={Sent(system)}&codeA={Sent(a)}&codeB={Sent(b)}", "Parameters");

    /// <param name="map">Null for any.</param>
    public static CodeQuestion Translate(string system, string code, string? map, string? targetSystem, bool isReverse) =>
        new($"ConceptMap/$translate?system={Sent(system)}&code={Sent(code)}{Part("url", map)}{Part("targetsystem", targetSystem)}{(isReverse ? "&reverse=true" : "")}", "Parameters");

    public static CodeQuestion Expand(string valueSet, int count) => new($"ValueSet/$expand?url={Sent(valueSet)}&count={count}", "ValueSet");

    /// <summary>True for a text that can be a code of the system. A number of something else, put where a code should be, is not sent on.</summary>
    public static bool MayBeCode(string system, string code) => system is Snomed or Dmd ? SnomedId.IsConcept(code)
        : code.Length is > 0 and <= LongestCode && code.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or ':' or '/');

    /// <summary>True for what can be the address of a definition.</summary>
    public static bool MayBeAddress(string text) => text.Length <= LongestAddress && Uri.TryCreate(text, UriKind.Absolute, out _) && !text.Any(char.IsWhiteSpace);

    private static string Part(string name, string? value) => value is null ? "" : $"&{name}={Sent(value)}";
    private static string Sent(string text) => Uri.EscapeDataString(text);
}

/// <summary>What came of a question.</summary>
public enum Heard
{
    Answered,
    /// <summary>The terminology server does not know the code or the definition.</summary>
    NotKnown,
    /// <summary>There is no answer to be had just now.</summary>
    Nothing,
}

/// <param name="Body">Canonical JSON of the resource asked for; empty unless answered.</param>
public sealed record CodeAnswer(Heard Heard, ReadOnlyMemory<byte> Body)
{
    public static CodeAnswer NotKnown { get; } = new(Heard.NotKnown, default);
    public static CodeAnswer Nothing { get; } = new(Heard.Nothing, default);
}
