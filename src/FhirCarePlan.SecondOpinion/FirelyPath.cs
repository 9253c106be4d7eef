using System.Globalization;
using System.Text.Json;
using Hl7.Fhir.FhirPath;
using Hl7.Fhir.Model;
using Hl7.FhirPath;

namespace FhirCarePlan.SecondOpinion;

/// <summary>Expressions by Hl7.Fhir's FHIRPath engine, on one resource. http://hl7.org/fhirpath/</summary>
public sealed class FirelyPath
{
    private static readonly Lazy<FhirPathCompiler> Compiler = new(() =>
        new FhirPathCompiler(FhirPathCompiler.DefaultSymbolTable.AddFhirExtensions()));
    private static readonly Dictionary<string, CompiledExpression> Compiled = [];

    private readonly PocoNode[] root;
    private readonly EvaluationContext context;

    /// <param name="json">The resource; empty for none, so that an expression has no focus.</param>
    public FirelyPath(ReadOnlyMemory<byte> json)
    {
        root = json.IsEmpty ? [] : [Rooted(FirelyDefinitions.Read(json))];
        context = root is [var only] ? new FhirEvaluationContext { Resource = only, RootResource = only } : new FhirEvaluationContext();
    }

    private static PocoNode Rooted(Resource resource) => new(resource, null, null, resource.TypeName);

    /// <summary>The result as text, an item each: the value of a primitive, the type of anything else; `error` alone when it cannot be
    /// evaluated.</summary>
    public IReadOnlyList<string> Evaluate(string expression)
    {
        try
        {
            return [.. Of(expression)(root, context).Select(Text)];
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The engine throws what it likes: FormatException, InvalidOperationException, NotSupportedException.
            return ["error"];
        }
    }

    /// <summary>For each element that the path leads to: true, false, `empty` or `error`, as text.</summary>
    public IReadOnlyList<string> Tests(string path, string expression) =>
        [.. Of(path)(root, context).Select(element => Test(element, expression))];

    private string Test(PocoNode element, string expression)
    {
        try
        {
            return Of(expression)([element], context).ToList() switch
            {
                [] => "empty",
                [var one] when Text(one) is "false" => "false",
                [_] => "true",
                _ => "error",
            };
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return "error";
        }
    }

    private static CompiledExpression Of(string expression)
    {
        lock (Compiled)
        {
            if (!Compiled.TryGetValue(expression, out var compiled)) Compiled[expression] = compiled = Compiler.Value.Compile(expression);
            return compiled;
        }
    }

    private static string Text(PocoNode item) => item.Poco switch
    {
        PrimitiveType primitive => primitive.ToString() ?? "",
        var other => other.TypeName,
    };
}
