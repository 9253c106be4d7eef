using System.Text;
using System.Text.Json;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation;
using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Commands;

/// <summary>`fhirpath`: reads `{"id","expression","resource","variables"}` a line and answers `{"id","result":[…]}` or `{"id","error"}`.
/// Without a resource the focus is empty. A misspelt element is an error, as in every strict engine. http://hl7.org/fhirpath/N1/</summary>
internal static class FhirPathCommand
{
    private const int MostSteps = 20_000_000;
    private static readonly ParseLimits Limits = new(Depth: 200, StringLength: 64 << 20);

    public static int Run()
    {
        if (KnownDefinitions.With([], out var problem) is not { } definitions)
        {
            Console.Error.WriteLine(problem);
            return 2;
        }
        var validator = new Validator(definitions, TimeProvider.System);
        var context = new FhirPathContext(TimeProvider.System)
        {
            MaxSteps = MostSteps,
            MemberOf = (valueSet, system, code) => definitions.ValueSet(valueSet)?.Contains(system, code),
            ConformsTo = (node, profile) => Conforms(validator, node, profile),
        };
        return LineService.Run("id", (line, json) => Answer(line, json, context));
    }

    private static void Answer(JsonElement line, Utf8JsonWriter json, FhirPathContext context)
    {
        if (!line.TryGetProperty("expression", out var expression) || expression.ValueKind != JsonValueKind.String) throw new LineFault("`expression` is missing; it must be a string");
        using var resource = line.TryGetProperty("resource", out var given) && given.ValueKind != JsonValueKind.Null ? Resource(given) : null;
        var variables = new FhirPathVariables();
        if (line.TryGetProperty("variables", out var named) && named.ValueKind != JsonValueKind.Null) variables.Read(named, Resource);
        try
        {
            var compiled = FhirPathExpression.Compile(expression.GetString()!);
            if (resource != null && compiled.ProblemOn(resource.Type) is { } mistake) throw new LineFault(mistake);
            var result = compiled.Evaluate(resource?.Root ?? Node.Missing,
                context with { Variables = variables.Nodes, Values = variables.Values });
            json.WriteStartArray("result");
            foreach (var item in result) ItemJson.Write(item, json);
            json.WriteEndArray();
        }
        catch (FhirPathException refused)
        {
            throw new LineFault(refused.Message);
        }
        finally
        {
            variables.Dispose();
        }
    }

    /// <summary>Null when the profile is not known.</summary>
    private static bool? Conforms(Validator validator, Node node, string profile)
    {
        const string core = "http://hl7.org/fhir/StructureDefinition/";
        if (profile.StartsWith(core, StringComparison.Ordinal) && R4.Type(profile[core.Length..]) is { } type) return node.Type.Is(type.Name);
        if (validator.ProblemWith(profile) != null) return null;
        var report = new Report();
        validator.Validate(node, [profile], report);
        return !report.HasErrors;
    }

    /// <summary>A resource as JSON, or as XML or JSON in a text.</summary>
    private static Document Resource(JsonElement given)
    {
        var report = new Report();
        var text = given.ValueKind == JsonValueKind.String ? given.GetString()! : given.GetRawText();
        return ResourceReader.Read(Encoding.UTF8.GetBytes(text), null, report, Limits)
            ?? throw new LineFault($"The resource cannot be read: {string.Join("; ", report.Issues.Take(3).Select(i => i.Text))}");
    }
}
