using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Operations;

/// <summary>The question of a `$validate`: from the address, and from a body of Parameters.
/// https://hl7.org/fhir/R4/resource-operation-validate.html</summary>
internal sealed class ValidateQuestion
{
    private static readonly string[] Modes = ["create", "update", "delete", "profile"];
    private static readonly string[] Allowed = ["profile", "mode", "_format", "_pretty"];

    private readonly List<string> profiles = [];

    /// <summary>Profiles besides those that apply anyway; R4 allows one, this server takes several.</summary>
    public IReadOnlyList<string> Profiles => profiles;
    /// <summary>`create`, `update`, `delete`, `profile`; null for the content alone.</summary>
    public string? Mode { get; private set; }
    /// <summary>The resource that was sent, in its place in the body; Missing when there is none.</summary>
    public Node Resource { get; private set; }

    /// <summary>Null when it was understood.</summary>
    public Answer? ReadAddress(string query)
    {
        foreach (var (name, value) in QueryParser.Pairs(query))
        {
            if (!Allowed.Contains(name)) return Refuse($"$validate takes only the parameters {string.Join(", ", Allowed)}");
            if (Take(name, value) is { } refusal) return refusal;
        }
        return null;
    }

    /// <param name="type">Of the address: a body of Parameters is the question itself, unless it is what shall be validated.</param>
    public Answer? ReadBody(Document body, string type)
    {
        Resource = body.Root;
        if (body.Type.Name != "Parameters" || type == "Parameters" && !IsQuestion(body.Root)) return null;
        Resource = Node.Missing;
        foreach (var parameter in body.Root.All("parameter"))
        {
            var name = parameter.TextOf("name");
            if (name == "resource")
            {
                if (!Resource.IsMissing || parameter["resource"].IsMissing)
                    return Refuse("The parameter `resource` must hold one resource", parameter.Location);
                Resource = parameter["resource"];
            }
            else if (name is not ("profile" or "mode"))
                return Refuse("$validate takes only the parameters `resource`, `profile` and `mode`", parameter.Location);
            else if (parameter.TextOf("value") is not { } value) return Refuse($"The parameter `{name}` has no value", parameter.Location);
            else if (Take(name, value) is { } refusal) return refusal;
        }
        return null;
    }

    private static bool IsQuestion(Node parameters)
    {
        foreach (var parameter in parameters.All("parameter"))
            if (parameter.TextOf("name") == "resource" && !parameter["resource"].IsMissing) return true;
        return false;
    }

    private Answer? Take(string name, string value)
    {
        if (name == "profile")
        {
            if (value.Length == 0) return Refuse("`profile` must be the canonical of a profile");
            if (!profiles.Contains(value)) profiles.Add(value);
        }
        else if (name == "mode")
        {
            if (!Modes.Contains(value)) return Refuse($"`mode` must be one of {string.Join(", ", Modes.Select(m => $"`{m}`"))}");
            if (Mode != null && Mode != value) return Refuse("`mode` is stated twice");
            Mode = value;
        }
        return null;
    }

    private static Answer Refuse(string text, string expression = "") =>
        Answer.Refuse(AnswerKind.Malformed, IssueType.Invalid, text, expression, "parameter");
}
