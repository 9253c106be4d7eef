using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.FhirPath.Values;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.FhirPath.Functions;

/// <summary>What FHIR adds to FHIRPath. https://hl7.org/fhir/R4/fhirpath.html#functions</summary>
internal static class Fhir
{
    private const string BaseProfile = "http://hl7.org/fhir/StructureDefinition/";

    public static Code Extension(Call call)
    {
        var (input, argument) = (call.Input, call.Argument(0));
        if (argument.ConstantText is { } known) return NodePath.Extend(input, new ExtensionStep(new KnownText(known)));
        return Code.Of(e =>
        {
            if (Call.TryText(e, argument, "extension", out var url)) NodePath.Extend(input, new ExtensionStep(new KnownText(url))).Run(e);
        });
    }

    public static Code HasValue(Call call)
    {
        var run = call.Input.Run;
        return Code.OfBoolean(e =>
        {
            var start = e.Top;
            run(e);
            var has = e.Top - start == 1 && (!e[start].IsNode || e[start].Node.HasValue);
            e.Top = start;
            return has;
        });
    }

    public static Code GetValue(Call call) => call.OfItem((Evaluation _, in Item item) =>
        !item.IsNode || item.Node.HasValue ? SystemValue.Of(item) : default);

    /// <summary>Without a hook only R4's own types are known.</summary>
    public static Code ConformsTo(Call call)
    {
        var argument = call.Argument(0);
        return call.OfItem((Evaluation e, in Item item) =>
        {
            if (!Call.TryText(e, argument, "conformsTo", out var profile) || !item.IsNode) return default;
            var conforms = e.Context.ConformsTo is { } ask ? ask(item.Node, profile) : ConformsToType(item.Node, profile);
            return conforms ?? throw new FhirPathException($"The profile `{profile}` is unknown");
        });
    }

    private static bool? ConformsToType(Node node, string profile)
    {
        if (!profile.StartsWith(BaseProfile, StringComparison.Ordinal)) return null;
        var type = profile[BaseProfile.Length..];
        return R4.Type(type) is null ? null : node.Type.Is(type);
    }

    /// <summary>txt-1 and txt-2 of a narrative.</summary>
    public static Code HtmlChecks(Call call) =>
        call.OfItem((Evaluation _, in Item item) => Call.TextOf(item, "htmlChecks") is { } text && Xhtml.IsSafe(text));

    /// <summary>Lets the input through unless it carries a modifier extension that the arguments do not name.</summary>
    public static Code CheckModifiers(Call call)
    {
        var (run, step) = (call.Input.Run, new ChildStep("modifierExtension"));
        var known = Enumerable.Range(0, call.Count).Select(call.Argument).ToArray();
        return Code.Of(e =>
        {
            var start = e.Top;
            run(e);
            var end = e.Top;
            for (var i = start; i < end; i++)
                if (e[i].IsNode)
                    for (var found = step.First(e[i].Node); !found.IsMissing; found = step.Next(found)) e.Push(found);
            for (var i = end; i < e.Top; i++)
            {
                var url = e[i].Node.TextOf("url") ?? "";
                if (!known.Any(k => Call.TryText(e, k, "checkModifiers", out var allowed) && allowed == url))
                    throw new FhirPathException($"The modifier extension `{url}` is not understood");
            }
            e.Top = end;
        });
    }
}
