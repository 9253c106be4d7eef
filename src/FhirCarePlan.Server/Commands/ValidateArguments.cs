using FhirCarePlan.Server.Interactions;

namespace FhirCarePlan.Server.Commands;

/// <summary>What `validate` was asked to do.</summary>
/// <param name="Sources">Files, folders, `-` for standard input.</param>
/// <param name="Packages">Further definitions: `.tgz`, a folder, lists of one resource a line, single files.</param>
internal sealed record ValidateArguments(IReadOnlyList<string> Sources, IReadOnlyList<string> Profiles, IReadOnlyList<string> Packages, bool IsJson)
{
    public const string Usage = """
        validate FILE|FOLDER|-… [--profile URL]… [--package FILE]… [--json]

          FILE            .json or .xml: one resource; .ndjson: one resource a line; each also as .gz
          FOLDER          all such files in it and below, in order of their paths
          -               standard input, in any of these forms
          --profile URL   what each resource must meet besides R4 and what its meta.profile claims
          --package FILE  further definitions: a FHIR package (.tgz), a folder, an .ndjson(.gz) or a single .json
          --json          one line of JSON for each resource, instead of text and a table

        Ends with 0 when nothing has an error, 1 when something has, 2 when it could not be done.
        """;

    /// <summary>Null when the arguments are not understood; the fault says what.</summary>
    public static ValidateArguments? Read(IReadOnlyList<string> arguments, out string? fault)
    {
        List<string> sources = [], profiles = [], packages = [];
        var isJson = false;
        fault = null;
        for (var i = 0; i < arguments.Count; i++)
        {
            var (option, value) = Split(arguments[i]);
            if (option == "--json" && value == null) isJson = true;
            else if (option is "--profile" or "--package")
            {
                value ??= ++i < arguments.Count ? arguments[i] : null;
                if (string.IsNullOrEmpty(value)) fault ??= $"`{option}` needs a value";
                else (option == "--profile" ? profiles : packages).Add(value);
            }
            else if (option.StartsWith('-') && option != "-") fault ??= $"`{option}` is no option of validate";
            else sources.Add(arguments[i]);
        }
        if (sources.Count == 0) fault ??= "There is nothing to validate";
        return fault == null ? new(sources, profiles, packages, isJson) : null;
    }

    /// <summary>`--profile=URL` is `--profile URL`.</summary>
    private static (string Option, string? Value) Split(string argument) =>
        argument.StartsWith("--", StringComparison.Ordinal) && argument.IndexOf('=') is > 0 and var at ? (argument[..at], argument[(at + 1)..]) : (argument, null);
}
