using System.Text;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Choosing;

/// <summary>A code of a system, at one place of the resource.</summary>
/// <param name="Element">`category`, `prediction.outcome`.</param>
/// <param name="Codes">None for any code of the system.</param>
/// <param name="Bare">Codes that mean the system without naming it: all of `Codes`, and those listed where any code will do.</param>
/// <param name="Phrases">Words by which a writer means the code if the element has no code.</param>
public sealed record CodeDecider(
    string Element, string System, IReadOnlyList<string> Codes, IReadOnlyList<string> Bare, Phrases Phrases) : Decider
{
    private readonly string[] path = Element.Split('.');
    private readonly byte[] system = Encoding.UTF8.GetBytes(System);
    private readonly byte[][] codes = [.. Codes.Select(Encoding.UTF8.GetBytes)];

    public override string Words =>
        Codes.Count == 0 ? $"`{Element}` has a code of `{System}`" : $"`{Element}` is {Listed(" or ")} of `{System}`";

    public override string Says => $"The code in `{Element}`";

    public override string Wanted =>
        Codes.Count == 0 ? $"`{Element}` with a code of `{System}`" : $"`{Element}` with {Listed(" or ")} of `{System}`";

    private string Listed(string between) => string.Join(between, Codes.Select(c => $"`{c}`"));

    public override Node Find(Node root)
    {
        if (path.Length == 1)
        {
            foreach (var concept in root.All(Element))
                if (InConcept(concept) is { IsMissing: false } found) return found;
            return Node.Missing;
        }
        foreach (var concept in At(root, path))
            if (InConcept(concept) is { IsMissing: false } found) return found;
        return Node.Missing;
    }

    private Node InConcept(Node concept)
    {
        if (concept.Type.Name == "Coding") return IsMeant(concept) ? concept : Node.Missing;
        foreach (var coding in concept.All("coding"))
            if (IsMeant(coding)) return coding;
        return Node.Missing;
    }

    private bool IsMeant(Node coding)
    {
        if (coding["system"] is not { IsMissing: false, HasValue: true } within || !within.ValueEquals(system)) return false;
        if (codes.Length == 0) return true;
        if (coding["code"] is not { IsMissing: false, HasValue: true } code) return false;
        var found = code.Utf8;
        foreach (var known in codes)
            if (found.SequenceEqual(known)) return true;
        return false;
    }

    public override (Node At, string Text)? Nearly(Node root)
    {
        foreach (var concept in At(root, path))
        {
            foreach (var coding in concept.Type.Name == "Coding" ? [concept] : concept.All("coding").ToList())
                if (Slip(coding) is { } slip) return slip;
            if (Phrases.Written.Count > 0 && !Concept.IsCoded(concept) && Concept.Says(concept, Phrases) is { } said)
                return (concept, $"`{Element}` says in words what must be a code; did you mean {Meant(said)} of `{System}`?");
        }
        return null;
    }

    /// <summary>The code that the words name, where they name one.</summary>
    private string Meant(string said)
    {
        foreach (var code in Bare)
            if (Phrases.Same(code, said)) return $"`{code}`";
        return Codes.Count == 0 ? "a code" : Listed(" or ");
    }

    private (Node, string)? Slip(Node coding)
    {
        var (given, within) = (coding.TextOf("code"), coding.TextOf("system"));
        if (given is null) return null;
        if (within == System)
            return Codes.Count > 0 && Near.Code(given, Codes) is { } meant
                ? (coding["code"], $"`{Element}` has the code `{given}`; did you mean `{meant}`? It is judged as if it were `{meant}`") : null;
        if (within is null)
        {
            foreach (var code in Bare)
                if (code == given || Phrases.Same(code, given))
                    return (coding, $"`{Element}` has the code `{given}` without a system; did you mean `{code}` of `{System}`?");
            return null;
        }
        var isNear = Near.System(within, System);
        if (Codes.Count == 0 ? isNear : Codes.Contains(given) && (isNear || SnomedId.IsConcept(given)))
            return (coding, $"`{Element}` has the code `{given}` of the system `{within}`; did you mean the system `{System}`?");
        return isNear && Near.Code(given, Codes) is { } both
            ? (coding, $"`{Element}` has the code `{given}` of the system `{within}`; did you mean `{both}` of `{System}`?") : null;
    }
}
