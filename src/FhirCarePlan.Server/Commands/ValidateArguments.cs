using FhirCarePlan.Server.Interactions;

namespace FhirCarePlan.Server.Commands;

/// <summary>What `validate` was asked to do.</summary>
/// <param name="Sources">Files, folders, `-` for standard input.</param>
/// <param name="Packages">Further definitions: `.tgz`, a folder, lists of one resource a line, single files.</param>
/// <param name="Writer">The kind of agency that would write it; null for none in particular.</param>
/// <param name="IsEnforced">The content chooses profiles as on a server that enforces them.</param>
/// <param name="HasSecondOpinion">Firely's validator judges too.</param>
internal sealed record ValidateArguments(
    IReadOnlyList<string> Sources, IReadOnlyList<string> Profiles, IReadOnlyList<string> Packages, string? Writer, bool IsEnforced, bool IsJson,
    bool HasSecondOpinion)
{
    public const string Usage = """
        validate FILE|FOLDER|-… [--profile URL]… [--package FILE]… [--writer KIND | --declared] [--second-opinion] [--json]

          FILE            .json or .xml: one resource; .ndjson: one resource a line; each also as .gz
          FOLDER          all such files in it and below, in order of their paths
          -               standard input, in any of these forms
          --profile URL   what each resource must meet besides R4, what its meta.profile claims and what its content chooses
          --package FILE  further definitions: a FHIR package (.tgz), a folder, an .ndjson(.gz) or a single .json
          --writer KIND   the verdict that an agency of this kind gets, such as nhs-mental-health-provider or gp-practice (a code of
                          CPA-AgencyType); a server knows who writes, a file does not say
          --declared      the verdict of a server with Validation:Profiles=Declared: the content chooses no profile
          --second-opinion  Firely's validator judges each resource too, and what only one of the two finds is printed; it takes some
                          seconds to begin and changes no verdict
          --json          one line of JSON for each resource, instead of text and a table

        Ends with 0 when nothing has an error, 1 when something has, 2 when it could not be done.
        """;

    /// <summary>Null when the arguments are not understood; the fault says what.</summary>
    public static ValidateArguments? Read(IReadOnlyList<string> arguments, out string? fault)
    {
        List<string> sources = [], profiles = [], packages = [];
        string? writer = null;
        bool isJson = false, isDeclared = false, hasSecond = false;
        fault = null;
        for (var i = 0; i < arguments.Count; i++)
        {
            var (option, value) = Split(arguments[i]);
            if (option == "--json" && value == null) isJson = true;
            else if (option == "--declared" && value == null) isDeclared = true;
            else if (option == "--second-opinion" && value == null) hasSecond = true;
            else if (option is "--profile" or "--package" or "--writer")
            {
                value ??= ++i < arguments.Count ? arguments[i] : null;
                if (string.IsNullOrEmpty(value)) fault ??= $"`{option}` needs a value";
                else if (option == "--writer") writer = value;
                else (option == "--profile" ? profiles : packages).Add(value);
            }
            else if (option.StartsWith('-') && option != "-") fault ??= $"`{option}` is not an option of validate";
            else sources.Add(arguments[i]);
        }
        if (sources.Count == 0) fault ??= "There is nothing to validate";
        if (isDeclared && writer != null) fault ??= "`--writer` chooses profiles and `--declared` chooses none: give one of them";
        return fault == null ? new(sources, profiles, packages, writer, !isDeclared, isJson, hasSecond) : null;
    }

    /// <summary>`--profile=URL` is `--profile URL`.</summary>
    private static (string Option, string? Value) Split(string argument) =>
        argument.StartsWith("--", StringComparison.Ordinal) && argument.IndexOf('=') is > 0 and var at ? (argument[..at], argument[(at + 1)..]) : (argument, null);
}
