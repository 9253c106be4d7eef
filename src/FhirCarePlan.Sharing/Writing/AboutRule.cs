using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Labelling;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>It must be clear whom a resource is about: a refusal that binds nobody must never be acknowledged (src/docs/sharing.md#leaks,
/// 41). In a partnership every element that says so must lead into the caller's view; a Consent must lead to a person, and its actors must
/// exist. https://hl7.org/fhir/R4/references.html</summary>
public sealed class AboutRule(Protocol protocol)
{
    private const string Forms =
        "Write `Patient/[id]`, the absolute address of the Patient on this server, `identifier` with the NHS number "
        + "of one Patient in your view, or, inside a transaction, the `fullUrl` (`urn:uuid:…`) of the entry with the Patient";

    private const string NoContext = "It is unclear whom this is about: a Binary needs `securityContext`, or the header X-Security-Context. Write the reference of a "
        + "resource in your view: the Patient, or the DocumentReference whose content this is";

    private const string ContextOfNobody = "It is unclear whom this is about: `securityContext` leads to a resource about nobody. What a Binary says cannot be read here, so "
        + "it must belong to a person: write the reference of the Patient, or of a resource in your view that is about one";

    /// <summary>False when the issues say why it is not; then nothing else about the write can be judged.</summary>
    public bool IsDecidable(Write write, IWorld world, List<Issue> issues)
    {
        if (write.New?.Root is not { } root || write.Type == "Patient") return true;
        var before = issues.Count;
        RefuseConditional(root.Document, issues);
        if (issues.Count > before) return false;
        if (write.Type == "Consent") CheckConsent(write, root, world, issues);
        else if (write.Type == "Appointment" && !protocol.IsSoleParty) CheckActors(write, PersonReference.All(root), world, issues);
        else if (!protocol.IsSoleParty)
        {
            if (write.Type == SecurityContext.Type)
            {
                var context = PersonReference.Element(root);
                if (context.IsMissing) issues.Add(Fault(root, NoContext));
                // No refusal could bind it, and no tie would be asked for. Towards who does not see it, it leads to nothing.
                else if (write.Person is null && Reference.Of(context) is { IsLocal: true, Fragment: null } target && Exists(write, target, world))
                    issues.Add(Fault(context, ContextOfNobody));
            }
            foreach (var about in PersonReference.All(root)) CheckPerson(write, about, world, issues);
        }
        return issues.Count == before;
    }

    /// <summary>A transaction has turned them into ids before anything is judged. https://hl7.org/fhir/R4/http.html#trules</summary>
    private static void RefuseConditional(Document document, List<Issue> issues)
    {
        for (var i = 1; i < document.Count; i++)
            if (document[i] is { Type.Name: "Reference" } node && node["reference"] is { IsMissing: false } address
                && address.Raw.Contains((byte)'?') && Reference.Of(node).Kind == ReferenceKind.Conditional)
                issues.Add(Fault(node, $"A conditional reference works only inside a transaction. {Forms}"));
    }

    private void CheckConsent(Write write, Node consent, IWorld world, List<Issue> issues)
    {
        var patient = consent["patient"];
        if (patient.IsMissing) issues.Add(Fault(consent, $"A Consent needs `patient`. {Forms}"));
        else if (Reference.Of(patient) is not { IsLocal: true, Type: "Patient", Fragment: null }) issues.Add(Undecidable(patient));
        // In a partnership this is asked of every type.
        else if (protocol.IsSoleParty && write.Old is null) CheckView(write, patient, world, issues);
        var known = new HashSet<string?>();
        if (write.Old is { } old) AddActors(old.Document.Root["provision"], actor => known.Add(Reference.Of(actor).Local));
        AddActors(consent["provision"], actor => CheckActor(write, actor, known, world, issues));
    }

    private static void AddActors(Node provision, Action<Node> add)
    {
        if (provision.IsMissing) return;
        foreach (var actor in provision.All("actor"))
            if (actor["reference"] is { IsMissing: false } reference) add(reference);
        foreach (var nested in provision.All("provision")) AddActors(nested, add);
    }

    /// <param name="known">Actors that the previous version named: a Consent can be ended when they no longer exist.</param>
    private void CheckActor(Write write, Node actor, HashSet<string?> known, IWorld world, List<Issue> issues)
    {
        var reference = Reference.Of(actor);
        if (reference is { IsLocal: true, Fragment: null } && (known.Contains(reference.Local)
            || protocol.PartyOfOrganization(reference.Local) != null || Exists(write, reference, world))) return;
        issues.Add(new Issue(IssueSeverity.Error, IssueType.NotFound, actor.Location,
            "An actor of a Consent must lead to an Organization of the sharing protocol or to a resource in your view. Write `Type/[id]`")
        { Key = "consent-actor" });
    }

    private void CheckPerson(Write write, Node about, IWorld world, List<Issue> issues)
    {
        if (Reference.Of(about) is not { IsLocal: true, Fragment: null }) issues.Add(Undecidable(about));
        else CheckView(write, about, world, issues);
    }

    /// <summary>Others who take part may be named freely; the person, and everybody who may be the person, must be decidable.</summary>
    private void CheckActors(Write write, List<Node> actors, IWorld world, List<Issue> issues)
    {
        var hasPerson = actors.Exists(a => Reference.Of(a) is { IsLocal: true, Type: "Patient", Fragment: null });
        foreach (var actor in actors)
        {
            var reference = Reference.Of(actor);
            if (reference is { IsLocal: true, Fragment: null })
            {
                if (reference.Type == "Patient") CheckView(write, actor, world, issues);
            }
            else if (TypeOf(actor, reference) is { } type ? type == "Patient" : reference.Kind != ReferenceKind.None || !hasPerson)
                issues.Add(Undecidable(actor));
        }
    }

    private static string? TypeOf(Node node, Reference reference)
    {
        if (reference.Kind == ReferenceKind.Contained)
        {
            foreach (var contained in node.Document.Root.All("contained"))
                if (contained.TextOf("id") == reference.Fragment) return contained.Type.Name;
            return null;
        }
        return (reference.Text is { } text ? Reference.NamedType(text) : null)
            ?? (node.TextOf("type") is { } stated ? Reference.LastPart(stated) : null);
    }

    /// <summary>The element that decides whose resource this is was looked for with the person; the others are looked for here.</summary>
    private void CheckView(Write write, Node about, IWorld world, List<Issue> issues)
    {
        if (!protocol.IsSoleParty && about == PersonReference.Element(about.Document.Root)) return;
        var reference = Reference.Of(about);
        if (write.Old is { } old && PersonReference.All(old.Document.Root).Exists(o => Reference.Of(o).Local == reference.Local)) return;
        if (!Exists(write, reference, world))
            issues.Add(new Issue(IssueSeverity.Error, IssueType.NotFound, about.Location, "This reference leads to nothing in your view")
            { Key = "reference" });
    }

    /// <summary>The service's own actors have no view: everything stored exists for them.</summary>
    private static bool Exists(Write write, Reference reference, IWorld world) =>
        world.IsInView(reference.Type!, reference.Id!)
        || write.Caller.Issuer == SystemActor.Issuer && world.Find(reference.Type!, reference.Id!) != null;

    private static Issue Undecidable(Node about) =>
        Fault(about, $"It is unclear whom this is about: found {Found(Reference.Of(about))}. {Forms}");

    private static Issue Fault(Node at, string text) =>
        new(IssueSeverity.Error, IssueType.BusinessRule, at.Location, text) { Key = "about" };

    private static string Found(Reference reference) => reference.Kind switch
    {
        ReferenceKind.None => "a reference without an address or identifier",
        ReferenceKind.Contained => "a contained resource",
        ReferenceKind.Urn => "a `urn:` that no entry of this transaction has as its `fullUrl`",
        ReferenceKind.Conditional => "a conditional reference",
        ReferenceKind.Foreign or ReferenceKind.Canonical => "an address of another server",
        ReferenceKind.Identifier => "this identifier",
        ReferenceKind.Local => "a reference to this type, or to a part of a resource",
        _ => "a text that is not a reference",
    };
}
