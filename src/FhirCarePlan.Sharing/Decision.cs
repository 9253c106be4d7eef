namespace FhirCarePlan.Sharing;

/// <summary>The question: may this caller do this with resources of this type about a person with these ties?</summary>
/// <param name="Action">`read`, `create`, `update`, `delete`.</param>
/// <param name="IsHome">The caller's party holds the resource.</param>
/// <param name="Kinds">OR of Relation bits in force now; 0 none. </param>
/// <param name="HasPerson">False for the directory and conformance resources.</param>
public sealed record Question(Caller Caller, string Action, string Type, bool IsHome, bool HasPerson, long Kinds, ConsentState Consent);

/// <summary>The answer, with its reasons: pure, total, and never empty-handed.</summary>
/// <param name="Permitted">Category bits, and clearance bits for confidentiality and sensitivity labels.</param>
/// <param name="Reasons">One for every category of the protocol, in its order.</param>
public sealed record Decision(long Permitted, IReadOnlyList<CategoryReason> Reasons);

/// <summary>Why one category is open or withheld.</summary>
/// <param name="Gate">`G1` … `G12`, `home`, or `error`: the gate that denied, for a permit the last one passed.</param>
/// <param name="Rules">Ids of the rules (or home rules) that decided.</param>
/// <param name="Plain">The clause in plain words, safe to show to the caller.</param>
public sealed record CategoryReason(string Category, bool IsPermitted, string Gate, IReadOnlyList<string> Rules,
    IReadOnlyList<string> Consents, string? Gateway, IReadOnlyList<string> Obligations, string Plain);

/// <summary>A person's Consents in force, without dates: what a consent class stands for. `State` is canonical: equal texts, equal
/// decisions.</summary>
public sealed partial record ConsentState
{
    public static ConsentState None { get; } = new("");
}
