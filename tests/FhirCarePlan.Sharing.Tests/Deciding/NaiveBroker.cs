namespace FhirCarePlan.Sharing.Tests.Deciding;

/// <summary>The decision a second time, from the meaning and without masks, tables or haste: names, loops and questions. It must agree with
/// the Broker on everything.</summary>
internal sealed class NaiveBroker(Protocol protocol)
{
    private static readonly string[] ownTask = ["demographics", "contact", "directory"];
    private static readonly string[] crisisOnly = [.. ownTask, "crisis-plan", "care-team"];
    private static readonly string[] plan = [.. crisisOnly, "care-plan-summary", "care-plan-full", "accommodation", "finance-benefits", "employment-education", "carer-information"];

    private readonly List<string> labels = ["R", "V", .. protocol.Sensitivities.Select(s => s.Code), ProtocolBits.UnknownLabel];

    /// <summary>The names of all categories and labels the caller may see.</summary>
    public List<string> Decide(Question question, DateTimeOffset now)
    {
        var open = new List<string>();
        var party = PartyOf(question.Caller.Party);
        if (party is null || party.Status != PartyStatus.Joined) return open;
        var isLapsed = !question.IsHome && !InForce(now);
        var isSelf = question.HasPerson && (question.Kinds & Relation.Self) != 0;
        if (isLapsed && !isSelf) return open;
        if (!StatesOwnPurpose(question.Caller, party)) return open;
        var rules = RulesOf(question, party);
        // Their own record stays open to them, by the rules that say so and as themselves alone.
        if (isLapsed) question = question with { Kinds = Relation.Self };
        if (isLapsed) rules = rules.ConvertAll(rule => rule with { IsClosed = (rule.Relationship & Relation.Self) == 0 });
        foreach (var category in protocol.Categories)
            if (IsOpen(question, party, rules, category.Id, now)) open.Add(category.Id);
        if (open.Count == 0) return open;
        foreach (var label in labels)
            if (IsCleared(question, party, rules, label, now)) open.Add(label);
        return open;
    }

    private Party? PartyOf(string? id)
    {
        foreach (var party in protocol.Parties)
            if (party.Id == id) return party;
        return null;
    }

    private bool InForce(DateTimeOffset now)
    {
        if (protocol.Status != ProtocolStatus.Active) return false;
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        if (day < protocol.Effective.From || day > protocol.Effective.To) return false;
        foreach (var party in protocol.Parties)
        {
            if (!party.IsSignatory || party.Status == PartyStatus.Left) continue;
            var isSigned = false;
            foreach (var signature in protocol.Signatures)
                if (signature.Party == party.Id && signature.Hash == protocol.Hash && signature.On <= day) isSigned = true;
            if (!isSigned) return false;
        }
        return true;
    }

    private bool StatesOwnPurpose(Caller caller, Party party)
    {
        foreach (var purpose in protocol.Purposes)
            if (purpose.Id == caller.Purpose) return purpose.Parties.Contains(party.Id);
        return false;
    }

    private string PurposeCode(Question question)
    {
        foreach (var purpose in protocol.Purposes)
            if (purpose.Id == question.Caller.Purpose) return purpose.Code;
        return "";
    }

    // ---- rules ------------------------------------------------------------------------------------------------------------

    private sealed record Said(Names Data, long Relationship, Clearance Clearance, Gateway? Gateway, ConsentNeed Consent, bool IsClosed = false);

    /// <summary>Permits, or home rules, for this party, role, purpose, action and type, at any date, for any person and consent.</summary>
    private List<Said> RulesOf(Question question, Party party)
    {
        var caller = question.Caller;
        var rules = new List<Said>();
        if (question.IsHome)
        {
            foreach (var home in party.Home)
                if (home.Roles.Contains(caller.Role) && home.Purposes.Contains(caller.Purpose) && home.Actions.Contains(question.Action) && home.Types.Contains(question.Type))
                    rules.Add(new Said(home.Data, home.Relationship, home.Clearance, null, ConsentNeed.None));
            return rules;
        }
        foreach (var rule in protocol.Rules)
            if (rule.IsPermit && rule.To.Contains(party.Id) && rule.Roles.Contains(caller.Role) && rule.Purposes.Contains(caller.Purpose) && rule.Actions.Contains(question.Action) && rule.Types.Contains(question.Type))
            {
                Gateway? gateway = null;
                foreach (var known in protocol.Gateways)
                    if (known.Id == rule.Gateway) gateway = known;
                rules.Add(new Said(rule.Data, rule.Relationship, rule.Clearance, gateway, rule.Consent));
            }
        return rules;
    }

    private static bool Offers(Question question, Said rule, string category) =>
        rule.Data.Contains(category) && (question.IsHome || question.HasPerson || category is "directory" or "conformance");

    private static bool Passes(Question question, Said rule, DateTimeOffset now)
    {
        if (rule.IsClosed) return false;
        if (rule.Gateway is { } gateway && !(gateway.From <= DateOnly.FromDateTime(now.UtcDateTime) && DateOnly.FromDateTime(now.UtcDateTime) <= gateway.To)) return false;
        var kinds = question.HasPerson ? question.Kinds : 0;
        return rule.Relationship == 0 || (rule.Relationship & kinds) != 0;
    }

    private bool WithinLevel(Question question, Said rule, string category)
    {
        // The level says what others show of theirs.
        if (rule.Relationship == 0 || question.IsHome) return true;
        for (var kind = 1L; kind < 1 << 20; kind <<= 1)
        {
            if ((kind & rule.Relationship & question.Kinds) == 0) continue;
            var level = kind switch { Relation.TeamPlan => plan, Relation.TeamCrisisOnly => crisisOnly, Relation.TeamOwnTask => ownTask, _ => null };
            if (level is null || level.Contains(category) || WithinOf(category) is { } within && level.Contains(within)) return true;
        }
        return false;
    }

    private bool IsOpen(Question question, Party party, List<Said> rules, string category, DateTimeOffset now)
    {
        var caller = question.Caller;
        foreach (var bar in protocol.Bars)
            if ((!question.IsHome || bar.AtHome) && bar.To.Contains(party.Id) && (caller.Role is null || bar.Roles.Contains(caller.Role)) && bar.Data.Contains(category)) return false;
        if (!question.IsHome)
            foreach (var forbid in protocol.Rules)
                if (!forbid.IsPermit && forbid.To.Contains(party.Id) && (caller.Role is null || forbid.Roles.Contains(caller.Role)) && forbid.Purposes.Contains(caller.Purpose)
                    && forbid.Actions.Contains(question.Action) && forbid.Types.Contains(question.Type) && forbid.Data.Contains(category)) return false;
        foreach (var rule in rules)
            if (Offers(question, rule, category) && Passes(question, rule, now) && WithinLevel(question, rule, category) && Agreed(question, party, rule.Consent, category)) return true;
        return false;
    }

    /// <summary>A rule that passes must carry, under the label, everything the rules could open to this role; and no Consent may refuse
    /// it.</summary>
    private bool IsCleared(Question question, Party party, List<Said> rules, string label, DateTimeOffset now)
    {
        var heedsConsents = false;
        foreach (var rule in rules) heedsConsents |= rule.Consent != ConsentNeed.None;
        foreach (var category in protocol.Categories)
        {
            var isOffered = false;
            var isCarried = false;
            foreach (var rule in rules)
            {
                if (!Offers(question, rule, category.Id)) continue;
                isOffered = true;
                if (!isCarried && Clears(rule.Clearance, label) && Passes(question, rule, now) && PermittedUnder(question, party, rule.Consent, category.Id, label)) isCarried = true;
            }
            if (isOffered && !isCarried) return false;
            // A refusal of a label for anything offered counts as soon as any rule for the role heeds Consents.
            if (isOffered && heedsConsents && RefusedUnder(question, party, category.Id, label)) return false;
        }
        return true;
    }

    private static bool Clears(Clearance clearance, string label) => label switch
    {
        "R" => clearance.Confidentiality is "R" or "V",
        "V" => clearance.Confidentiality == "V",
        ProtocolBits.UnknownLabel => clearance.UnknownLabels,
        _ => clearance.Sensitivities.Contains(label),
    };

    // ---- consents ---------------------------------------------------------------------------------------------------------

    private bool Agreed(Question question, Party party, ConsentNeed need, string category)
    {
        if (need == ConsentNeed.None) return true;
        foreach (var statement in ConsentsOf(question))
            if (!statement.IsPermit && Refuses(question, party, statement, category)) return false;
        return need == ConsentNeed.ObjectionHonoured && Default(question, party) || Granted(question, party, category, null);
    }

    private bool PermittedUnder(Question question, Party party, ConsentNeed need, string category, string label) =>
        need == ConsentNeed.None || need == ConsentNeed.ObjectionHonoured && Default(question, party) || Granted(question, party, category, label);

    private bool Default(Question question, Party party)
    {
        var isPermitted = false;
        foreach (var said in protocol.ConsentDefaults)
            if (said.Parties.Contains(party.Id) && said.Purposes.Contains(question.Caller.Purpose))
            {
                if (!said.IsPermit) return false;
                isPermitted = true;
            }
        return isPermitted;
    }

    private static IReadOnlyList<ConsentStatement> ConsentsOf(Question question) => question.HasPerson ? question.Consent.Statements : [];

    /// <param name="label">Null for content without a label.</param>
    private bool Granted(Question question, Party party, string category, string? label)
    {
        foreach (var permit in ConsentsOf(question))
        {
            if (!permit.IsPermit || !Counts(permit)) continue;
            if (!All(question, party, permit.Scope, category, label, true)) continue;
            if (!permit.Except.Any(e => Covers(question, party, e, category, label, false))) return true;
        }
        return false;
    }

    private bool Counts(ConsentStatement permit)
    {
        if (!permit.Protocols.Contains($"{protocol.Url}|{protocol.Version.Split('.')[0]}")) return false;
        if (permit.Recorder is null) return true;
        var own = protocol.Parties.FirstOrDefault(p => p.Id == permit.Recorder)?.Organizations ?? [];
        return permit.Scope.SelectMany(s => s.To ?? []).Any(to => to != "?" && !to.StartsWith("PractitionerRole/") && !own.Contains(to));
    }

    private string? WithinOf(string category)
    {
        foreach (var known in protocol.Categories)
            if (known.Id == category) return known.Within;
        return null;
    }

    private IEnumerable<string?> AllLabels => labels.Prepend(null);

    /// <summary>Unlabelled content of the category is refused. An exception helps only where it covers the category under every label.</summary>
    private bool Refuses(Question question, Party party, ConsentStatement deny, string category) =>
        All(question, party, deny.Scope, category, null, false)
        && !deny.Except.Any(e => AllLabels.Where(l => All(question, party, deny.Scope, category, l, false)).All(l => Covers(question, party, e, category, l, true)));

    /// <summary>A refusal that speaks of labels and leaves unlabelled content open.</summary>
    private bool RefusedUnder(Question question, Party party, string category, string label)
    {
        foreach (var deny in ConsentsOf(question))
            if (!deny.IsPermit
                && All(question, party, deny.Scope, category, label, false)
                && !All(question, party, deny.Scope, category, null, false)
                && !deny.Except.Any(e => Covers(question, party, e, category, label, true))) return true;
        return false;
    }

    private bool All(Question question, Party party, IReadOnlyList<Criteria> scope, string category, string? label, bool isPermit)
    {
        foreach (var criteria in scope)
            if (!Covers(question, party, criteria, category, label, isPermit)) return false;
        return true;
    }

    private bool Covers(Question question, Party party, Criteria criteria, string category, string? label, bool isPermit)
    {
        if (criteria.To is { } to && !to.Any(t => IsRecipient(question, party, t, isPermit))) return false;
        if (criteria.For is { } purposes && !purposes.Any(p => IsPurpose(question, p, isPermit))) return false;
        if (criteria.Types is { } types && !types.Any(t => t == question.Type || t == "?" && !isPermit)) return false;
        if (criteria.Data is { } data && !data.Any(d => IsCategory(d, category, isPermit))) return false;
        return criteria.Labels is not { } named || named.Any(l => IsLabel(l, label, isPermit));
    }

    private static bool IsRecipient(Question question, Party party, string recipient, bool isPermit)
    {
        var caller = question.Caller;
        if (recipient == "?") return !isPermit;
        if (recipient.StartsWith("CareTeam/")) return !isPermit || (question.Kinds & Relation.CareTeam) != 0;
        if (recipient == caller.RelatedPerson || recipient == caller.PractitionerRole || recipient == caller.Patient) return true;
        if (isPermit) return recipient == party.Organizations[0] || party.Organizations.Contains(recipient) && recipient == caller.Organization;
        return party.Organizations.Contains(recipient);
    }

    private bool IsPurpose(Question question, string purpose, bool isPermit)
    {
        var code = PurposeCode(question);
        if (isPermit) return purpose == code;
        return !PurposeCodes.IsKnown(purpose) || PurposeCodes.Includes(purpose, code);
    }

    private bool IsCategory(string named, string category, bool isPermit)
    {
        if (named == category || WithinOf(category) == named) return true;
        var isKnown = protocol.Categories.Any(c => c.Id == named) || Category.InformationCategories.Contains(named) || Category.BuiltIn.Contains(named);
        return !isPermit && !isKnown;
    }

    private bool IsLabel(string named, string? label, bool isPermit)
    {
        const string order = "ULMNRV";
        var isConfidentiality = named.Length == 1 && order.Contains(named);
        if (!isConfidentiality && !protocol.Sensitivities.Any(s => s.Code == named)) return !isPermit;
        if (!isConfidentiality) return named == label;
        var said = order.IndexOf(named[0]);
        if (label is null or "R" or "V")
        {
            var asked = order.IndexOf((label ?? "N")[0]);
            return isPermit ? asked <= said : asked >= said;
        }
        // A sensitivity by itself has normal confidentiality: a refusal from there down takes it along, a permit does not name it.
        return !isPermit && order.IndexOf('N') >= said;
    }
}
