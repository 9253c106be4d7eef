using System.Text;
using FhirCarePlan.Fhir.Validation;
using FhirCarePlan.Fhir.Validation.Choosing;
using FhirCarePlan.Server.Core;

namespace FhirCarePlan.Server.Commands;

/// <summary>`validate FILE|FOLDER|-`: the verdict of a server that enforces profiles, from a shell: base R4, what the content chooses by the same table,
/// what `meta.profile` claims and what is asked for.</summary>
internal static class ValidateCommand
{
    private const int ProgressEvery = 250;
    private const string Kinds = "https://fhir.cpa.example/ValueSet/CPA-AgencyType";

    public static int Run(string[] arguments)
    {
        if (arguments is ["--help" or "-h", ..])
        {
            Console.WriteLine(ValidateArguments.Usage);
            return 0;
        }
        if (ValidateArguments.Read(arguments, out var fault) is not { } asked) return Refuse($"{fault}\n\n{ValidateArguments.Usage}");
        var sources = new List<(string Given, string Path)>();
        foreach (var source in asked.Sources)
            if (source == "-") sources.Add((source, source));
            else if (GivenPath.Find(source, Path.Exists) is { } path) sources.Add((source, path));
            else return Refuse($"There is no file or folder `{source}`");
        if (KnownDefinitions.With(asked.Packages, out var problem) is not { } definitions) return Refuse(problem!);

        if (asked.Writer is { } writer && definitions.ValueSet(Kinds) is { } kinds && kinds.Contains(null, writer) == false)
            return Refuse($"`{writer}` is not a kind of agency; the kinds are the codes of CPA-AgencyType: {string.Join(", ", kinds.Some)}");
        var choice = asked.IsEnforced ? new ProfileChoice(ProfileTable.Read(KnownDefinitions.Own)) : null;
        var validation = new Validation(new Validator(definitions, TimeProvider.System), choice);
        using var text = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 64 << 10) { NewLine = "\n" };
        var output = new ValidateOutput(text, asked.IsJson);
        var progress = new Progress(output);
        // Made when first asked: until then nothing of the other engine is loaded.
        var second = asked.HasSecondOpinion ? new SecondVerdicts(definitions) : null;
        InOrder.Run(sources.SelectMany(s => ValidateInput.Of(s.Given, s.Path)), input => input.Utf8.Length,
            input => ValidateResult.Of(input, validation, asked.Profiles, asked.Writer, asked.HasSecondOpinion),
            result =>
            {
                progress.Clear();
                output.Take(second?.Of(result) ?? result);
                progress.Show();
            });
        progress.Clear();
        if (output.Count == 0) return Refuse("Found no resources. `validate` reads .json, .xml and .ndjson files, also as .gz");
        output.WriteSummary();
        return output.Invalid > 0 ? 1 : 0;
    }

    private static int Refuse(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return 2;
    }

    /// <summary>A line of progress, on a terminal only.</summary>
    private sealed class Progress(ValidateOutput output)
    {
        private readonly bool isWatched = !Console.IsErrorRedirected;
        private long next;
        private bool isShown;

        public void Show()
        {
            if (!isWatched || Environment.TickCount64 < next) return;
            next = Environment.TickCount64 + ProgressEvery;
            isShown = true;
            Console.Error.Write($"\r{output.Count:N0} resources, {output.Invalid:N0} invalid ");
        }

        public void Clear()
        {
            if (isShown) Console.Error.Write("\r\u001b[K");
            isShown = false;
        }
    }
}
