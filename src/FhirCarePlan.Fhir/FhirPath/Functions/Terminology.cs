using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.FhirPath.Functions;

/// <summary>`memberOf`, `subsumes`, `subsumedBy`: empty when undecided. https://hl7.org/fhir/R4/fhirpath.html#functions</summary>
internal static class Terminology
{
    public static Code MemberOf(Call call)
    {
        var argument = call.Argument(0);
        return call.OfItem((Evaluation e, in Item item) =>
        {
            if (!Call.TryText(e, argument, "memberOf", out var valueSet)) return default;
            bool? decided = false;
            foreach (var (system, code) in Codings(item, "memberOf"))
            {
                var member = IsMember(e.Context, valueSet, system, code);
                if (member == true) return true;
                if (member is null) decided = null;
            }
            return decided is { } no ? no : default(Item);
        });
    }

    private static bool? IsMember(FhirPathContext context, string valueSet, string? system, string code) =>
        context.MemberOf is { } ask ? ask(valueSet, system, code) : R4.ValueSet(valueSet)?.Contains(system, code);

    public static Code Subsumes(Call call) => SameConcept(call);
    public static Code SubsumedBy(Call call) => SameConcept(call);

    /// <summary>A concept subsumes itself; more would need the code system's hierarchy.</summary>
    private static Code SameConcept(Call call)
    {
        var (argument, name) = (call.Argument(0), call.Name);
        return call.OfItem((Evaluation e, in Item item) =>
        {
            var start = e.Top;
            argument.Run(e);
            if (!e.TakeOne(start, out var other, name)) return default;
            return Codings(item, name).Intersect(Codings(other, name)).Any() ? true : default(Item);
        });
    }

    /// <summary>A code, a Coding, or each Coding of a CodeableConcept.</summary>
    private static List<(string? System, string Code)> Codings(in Item item, string taker)
    {
        var codings = new List<(string?, string)>();
        if (!item.IsNode || item.Node.Type.IsPrimitive)
        {
            if (Call.TextOf(item, taker) is { } code) codings.Add((null, code));
        }
        else if (item.Node.Type.Is("CodeableConcept"))
        {
            foreach (var coding in item.Node.All("coding")) Add(coding);
        }
        else if (item.Node.Type.Is("Coding") || item.Node.Type.Is("Quantity")) Add(item.Node);
        else throw new FhirPathException($"`{taker}` expects a code, Coding or CodeableConcept, found `{item.TypeName}`");
        return codings;

        void Add(Node coding)
        {
            if (coding.TextOf("code") is { } code) codings.Add((coding.TextOf("system") ?? "", code));
        }
    }
}
