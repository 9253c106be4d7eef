using FhirCarePlan.Server.Operations.Terminology;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Interactions;

/// <summary>The operations on codes, on the definitions that this server works by. Rows of the table like all others.
/// https://hl7.org/fhir/R4/terminology-service.html</summary>
public static class TerminologyRows
{
    private static readonly (string, string) urlOfSet = ("url", "Canonical of the value set."), system = ("system", "Address of the code system."),
        code = ("code", "The code."), display = ("display", "The display to check, too.");

    public static Interaction ExpandValueSet { get; } = new()
    {
        Name = "$expand",
        Code = "expand",
        Level = Level.Type,
        Routes =
        [
            new("GET", "/ValueSet/$expand", "expand"),
            new("POST", "/ValueSet/$expand", "expandSent", "List the codes of a value set that you send", "Parameters with `valueSet`."),
        ],
        Body = BodyKind.Question,
        On = "ValueSet",
        Parameters = null,
        Definition = "https://fhir.cpa.example/OperationDefinition/CPA-Expand",
        Inputs = [urlOfSet, ("filter", "Words that the display or the code must contain."), ("offset", "The server leaves out so many codes at the start."), ("count", "The server lists at most so many codes; 0 asks for the total alone."), ("activeOnly", "`true` leaves out codes that are no longer used.")],
        Text = new("List the codes of a value set", "All codes or a page. A value set whose codes are not all known here is refused.", "200", "A ValueSet with its expansion", "ValueSet"),
        Perform = Expand.Perform,
    };

    public static Interaction ExpandKnownValueSet { get; } = ExpandValueSet with
    {
        Name = "$expand-known",
        Level = Level.Instance,
        Routes = [new("GET", "/ValueSet/{id}/$expand", "expandKnown")],
        Inputs = [.. ExpandValueSet.Inputs.Where(i => i.Name != "url")],
    };

    public static Interaction ValidateCodeOfValueSet { get; } = new()
    {
        Name = "$validate-code",
        Code = "validate-code",
        Level = Level.Type,
        Routes = [new("GET", "/ValueSet/$validate-code", "validateCode"), new("POST", "/ValueSet/$validate-code", "validateCodeSent", "Ask about a coding or a concept", "Parameters with `coding` or `codeableConcept`.")],
        Body = BodyKind.Question,
        On = "ValueSet",
        Parameters = null,
        Definition = "https://fhir.cpa.example/OperationDefinition/CPA-ValidateCodeOfValueSet",
        Inputs = [urlOfSet, system, code, display],
        Text = new("Is a code in a value set", "`result` with a message. What cannot be decided here is refused, never `false`.", "200", "Parameters: result, message, display", "Parameters"),
        Perform = ValidateCode.InValueSet,
    };

    public static Interaction ValidateCodeOfKnownValueSet { get; } = ValidateCodeOfValueSet with
    {
        Name = "$validate-code-known",
        Level = Level.Instance,
        Routes = [new("GET", "/ValueSet/{id}/$validate-code", "validateCodeKnown")],
        Inputs = [system, code, display],
    };

    public static Interaction ValidateCodeOfCodeSystem { get; } = new()
    {
        Name = "$validate-code-of-system",
        Code = "validate-code",
        Level = Level.Type,
        Routes = [new("GET", "/CodeSystem/$validate-code", "validateCode"), new("POST", "/CodeSystem/$validate-code", "validateCodeSent", "Ask about a coding", "Parameters with `coding`.")],
        Body = BodyKind.Question,
        On = "CodeSystem",
        Parameters = null,
        Definition = "https://fhir.cpa.example/OperationDefinition/CPA-ValidateCodeOfCodeSystem",
        Inputs = [("url", "Address of the code system."), code, display],
        Text = new("Is a code in a code system", "`result` with a message. What cannot be decided here is refused, never `false`.", "200", "Parameters: result, message, display", "Parameters"),
        Perform = ValidateCode.InCodeSystem,
    };

    public static Interaction LookUp { get; } = new()
    {
        Name = "$lookup",
        Code = "lookup",
        Level = Level.Type,
        Routes = [new("GET", "/CodeSystem/$lookup", "lookup"), new("POST", "/CodeSystem/$lookup", "lookupSent", "Look up a coding", "Parameters with `coding`.")],
        Body = BodyKind.Question,
        On = "CodeSystem",
        Parameters = null,
        Definition = "https://fhir.cpa.example/OperationDefinition/CPA-Lookup",
        Inputs = [system, code, ("property", "Which properties to return; without it all.")],
        Text = new("What a code means", "Display, definition, designations, properties, and the codes above and below.", "200", "Parameters", "Parameters"),
        Perform = Lookup.Perform,
    };

    public static Interaction Subsume { get; } = new()
    {
        Name = "$subsumes",
        Code = "subsumes",
        Level = Level.Type,
        Routes = [new("GET", "/CodeSystem/$subsumes", "subsumes"), new("POST", "/CodeSystem/$subsumes", "subsumesSent", "Compare two codings", "Parameters with `codingA` and `codingB`.")],
        Body = BodyKind.Question,
        On = "CodeSystem",
        Parameters = null,
        Definition = "https://fhir.cpa.example/OperationDefinition/CPA-Subsumes",
        Inputs = [system, ("codeA", "The one code."), ("codeB", "The other code.")],
        Text = new("How two codes stand to each other", "`equivalent`, `subsumes`, `subsumed-by` or `not-subsumed`.", "200", "Parameters: outcome", "Parameters"),
        Perform = Subsumes.Perform,
    };

    public static Interaction TranslateCode { get; } = new()
    {
        Name = "$translate",
        Code = "translate",
        Level = Level.Type,
        Routes = [new("GET", "/ConceptMap/$translate", "translate"), new("POST", "/ConceptMap/$translate", "translateSent", "Translate a coding or a concept", "Parameters with `coding` or `codeableConcept`.")],
        Body = BodyKind.Question,
        On = "ConceptMap",
        Parameters = null,
        Definition = "https://fhir.cpa.example/OperationDefinition/CPA-Translate",
        Inputs = [("url", "Canonical of the concept map; without it all whose sources fit."), system, code, ("targetsystem", "Only translations into this code system."), ("reverse", "`true` reads the map backwards.")],
        Text = new("Translate a code", "By the concept maps of R4 and of the packages that this server works by.", "200", "Parameters: result and matches", "Parameters"),
        Perform = Translate.Perform,
    };

    public static IReadOnlyList<Interaction> All { get; } =
        [ExpandValueSet, ExpandKnownValueSet, ValidateCodeOfValueSet, ValidateCodeOfKnownValueSet, ValidateCodeOfCodeSystem, LookUp, Subsume, TranslateCode];
}
