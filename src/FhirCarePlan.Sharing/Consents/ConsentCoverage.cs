using System.Numerics;

namespace FhirCarePlan.Sharing;

/// <summary>The categories and labels that a statement covers for one question: a rectangle, data × labels, for each criteria. An unknown
/// value matches nothing in a permit and everything in a deny.</summary>
internal readonly struct ConsentCoverage(Protocol protocol, ProtocolBits bits, ConsentQuestion question)
{
    /// <summary>Stands among the label bits for content without a label.</summary>
    public const long Plain = 1L << ProtocolBits.Limit;

    private readonly record struct Area(long Data, long Labels)
    {
        public static Area operator &(Area a, Area b) => new(a.Data & b.Data, a.Labels & b.Labels);
    }

    /// <summary>Categories a permit opens for unlabelled content.</summary>
    public long Granted(ConsentStatement permit) => Granted(permit, null);

    /// <param name="under">By label bit number: takes the categories opened for content under that label. May be null.</param>
    public long Granted(ConsentStatement permit, long[]? under)
    {
        if (!Counts(permit)) return 0;
        var area = AreaOf(permit.Scope, isPermit: true);
        if (area.Data == 0 || area.Labels == 0) return 0;
        var granted = (area.Labels & Plain) != 0 ? Without(permit.Except, area.Data, Plain) : 0;
        if (under is not null)
            for (var rest = area.Labels & bits.Labels; rest != 0; rest &= rest - 1)
                under[BitOperations.TrailingZeroCount(rest)] |= Without(permit.Except, area.Data, rest & -rest);
        return granted;
    }

    private long Without(IReadOnlyList<Criteria> exceptions, long categories, long label)
    {
        foreach (var except in exceptions)
            if (AreaOf(except, isPermit: false) is var hole && (hole.Labels & label) != 0) categories &= ~hole.Data;
        return categories;
    }

    /// <summary>Categories and labels a deny closes. A hole counts only where it covers every label the deny covers: a mask cannot say
    /// "this category, but only unlabelled", and leaving the rest of it open would widen on the day the hole lapses.</summary>
    public (long Categories, long Labels) Refused(ConsentStatement deny, long offered)
    {
        var area = AreaOf(deny.Scope, isPermit: false);
        if (area.Data == 0 || area.Labels == 0) return (0, 0);
        if ((area.Labels & Plain) != 0)
        {
            var categories = area.Data;
            foreach (var except in deny.Except)
                if (AreaOf(except, isPermit: true) is var hole && (area.Labels & ~hole.Labels) == 0) categories &= ~hole.Data;
            return (categories, 0);
        }
        var labels = 0L;
        for (var rest = area.Labels; rest != 0; rest &= rest - 1)
        {
            var label = 1L << BitOperations.TrailingZeroCount(rest);
            var categories = area.Data & offered;
            foreach (var except in deny.Except)
                if (AreaOf(except, isPermit: true) is var hole && (hole.Labels & label) != 0) categories &= ~hole.Data;
            if (categories != 0) labels |= label;
        }
        return (0, labels);
    }

    /// <summary>A permit counts under the protocol's own canonical and major version, and not where a party let itself in.</summary>
    private bool Counts(ConsentStatement permit)
    {
        if (!IsCited(permit)) return false;
        if (permit.Recorder is not { } recorder) return true;
        foreach (var scope in permit.Scope)
            foreach (var to in scope.To ?? [])
                if (!IsOwn(to, recorder)) return true;
        return false;
    }

    private bool IsCited(ConsentStatement permit)
    {
        foreach (var cited in permit.Protocols)
            if (protocol.IsCited(cited)) return true;
        return false;
    }

    private bool IsOwn(string recipient, string party) =>
        recipient == Criteria.Unknown || recipient.StartsWith("PractitionerRole/", StringComparison.Ordinal)
            || protocol.PartyOfOrganization(recipient)?.Id == party;

    private Area AreaOf(IReadOnlyList<Criteria> scope, bool isPermit)
    {
        var area = new Area(-1, -1);
        foreach (var criteria in scope) area &= AreaOf(criteria, isPermit);
        return area;
    }

    private Area AreaOf(Criteria criteria, bool isPermit) =>
        MatchesRecipient(criteria.To, isPermit) && MatchesPurpose(criteria.For, isPermit) && MatchesType(criteria.Types, isPermit)
            ? new Area(Data(criteria.Data, isPermit), LabelsOf(criteria.Labels, isPermit))
            : default;

    private bool MatchesRecipient(IReadOnlyList<string>? to, bool isPermit)
    {
        if (to is null) return true;
        foreach (var recipient in to)
            if (recipient == Criteria.Unknown ? !isPermit : IsCaller(recipient, isPermit)) return true;
        return false;
    }

    private bool IsCaller(string recipient, bool isPermit)
    {
        var caller = question.Caller;
        if (recipient == caller.PractitionerRole || recipient == caller.RelatedPerson || recipient == caller.Patient) return true;
        // A refusal to the care team names members who may have left since. Leaving must not widen a view, so it means everybody.
        if (recipient.StartsWith("CareTeam/", StringComparison.Ordinal)) return !isPermit || (question.Kinds & Relation.CareTeam) != 0;
        if (!question.Party.Organizations.Contains(recipient)) return false;
        // The first organisation is the party; a service of it is permitted alone, and refused with the whole party.
        return !isPermit || recipient == question.Party.Organizations[0] || recipient == caller.Organization;
    }

    private bool MatchesPurpose(IReadOnlyList<string>? purposes, bool isPermit)
    {
        if (purposes is null) return true;
        foreach (var purpose in purposes)
            if (isPermit
                ? purpose == question.PurposeCode : !PurposeCodes.IsKnown(purpose) || PurposeCodes.Includes(purpose, question.PurposeCode))
                return true;
        return false;
    }

    private bool MatchesType(IReadOnlyList<string>? types, bool isPermit) =>
        types is null || types.Contains(question.Type) || !isPermit && types.Contains(Criteria.Unknown);

    /// <summary>A category includes those that are split from it.</summary>
    private long Data(IReadOnlyList<string>? names, bool isPermit)
    {
        if (names is null) return bits.Categories;
        var mask = 0L;
        foreach (var name in names)
        {
            if (!isPermit && protocol.Category(name) is null && !Category.InformationCategories.Contains(name)
                && !Category.BuiltIn.Contains(name)) return bits.Categories;
            mask |= bits.WithParts([name]);
        }
        return mask;
    }

    /// <summary>Permit X covers up to X, deny X covers from X upwards; without a label everything.</summary>
    private long LabelsOf(IReadOnlyList<string>? labels, bool isPermit)
    {
        if (labels is null) return bits.Labels | Plain;
        var mask = 0L;
        foreach (var label in labels)
        {
            if (Confidentiality.IsCode(label))
            {
                var level = Confidentiality.LevelOf(label);
                if (isPermit ? level >= Confidentiality.Normal : level <= Confidentiality.Normal) mask |= Plain;
                if (isPermit ? level >= Confidentiality.Restricted : level <= Confidentiality.Restricted) mask |= bits.R;
                if (isPermit ? level >= Confidentiality.VeryRestricted : level <= Confidentiality.VeryRestricted) mask |= bits.V;
                // A refusal of normal content refuses it under every label.
                if (!isPermit && level <= Confidentiality.Normal) mask |= bits.Labels;
            }
            else if ((bits.Of(label) & bits.Sensitivities) is not 0 and var sensitivity) mask |= sensitivity;
            else if (!isPermit) return bits.Labels | Plain;
        }
        return mask;
    }
}
