//! The phrasing that the extractor may be tuned on: how people say it, which is not how the extractor looks for it.

/// Sentences that plant something; `{v}` is what must survive.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Phrases {
    /// A decision `{v}` and its reason `{r}`.
    pub(crate) decisions: &'static [&'static str],
    /// An option that was turned down.
    pub(crate) rejected: &'static [&'static str],
    /// What must not be done.
    pub(crate) rules: &'static [&'static str],
    /// A path, said in passing.
    pub(crate) paths: &'static [&'static str],
    /// A number with its unit.
    pub(crate) numbers: &'static [&'static str],
    /// A question without an answer.
    pub(crate) open: &'static [&'static str],
    /// A step `{v}`, its owner `{o}` and its day `{d}`.
    pub(crate) next: &'static [&'static str],
    /// The text of an error.
    pub(crate) errors: &'static [&'static str],
    /// A value and its later correction.
    pub(crate) revisions: &'static [Revision],
}

/// A value `{v}` of a topic `{t}`, and the sentence that replaces it by `{w}`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Revision {
    /// How it is first said.
    pub(crate) first: &'static str,
    /// How it is corrected.
    pub(crate) later: &'static str,
}

/// How people would say it, open for tuning.
pub(crate) const PHRASES: Phrases = Phrases {
    decisions: &[
        "Alright, we're going with {v} because {r}.",
        "Team call this afternoon: {v}. Main thing was that {r}.",
        "Let's just do {v}, {r}.",
        "I talked to Ines and we settled on {v} since {r}.",
        "Okay {v} it is then. {r}, so it's an easy call.",
        "I've made up my mind, I'm taking {v}. Reason being {r}.",
        "We ended up choosing {v} over the rest as {r}.",
        "For the record, {v} is the one we picked; {r}.",
        "Fine, {v} wins. {r} and that's what counts.",
        "We'll use {v} from here on, mainly because {r}.",
        "Green light for {v}, given that {r}.",
    ],
    rejected: &[
        "We ruled out {v}, too slow.",
        "{v} is off the table for us.",
        "Not doing {v}, we tried it last year and it was a pain.",
        "I decided against {v} in the end.",
        "Let's forget about {v}, it's not worth the trouble.",
        "{v} didn't make the cut.",
        "We dropped {v} after the second test.",
        "I crossed {v} off, nobody liked it.",
        "No to {v}, too pricey.",
    ],
    rules: &[
        "Whatever you do, never {v}.",
        "Please don't {v}, ever.",
        "One rule: we must not {v}.",
        "And remember, nobody is allowed to {v}.",
        "Under no circumstances should anyone {v}.",
        "Make sure you don't {v}.",
        "I don't want you to {v}.",
        "It's forbidden to {v} here, full stop.",
        "From now on, avoid anything that could {v}.",
    ],
    paths: &[
        "It's stored in {v} by the way.",
        "The config for that is at {v}.",
        "You'll find the notes in {v}.",
        "I saved the export to {v} last night.",
        "Everything gets written to {v}.",
        "Check {v} if in doubt.",
    ],
    numbers: &[
        "We have a limit of {v} for that.",
        "It took {v} the last time.",
        "The invoice said {v}.",
        "It's about {v} end to end.",
        "I measured {v} yesterday.",
        "Budget-wise we're looking at {v}.",
    ],
    open: &[
        "I still don't know {v}.",
        "We haven't figured out {v} yet.",
        "It's unclear {v}.",
        "Open question for me is {v}.",
        "No idea yet {v}, I'll have to ask around.",
        "We never settled {v}.",
        "Somebody has to find out {v}.",
        "The jury's still out on {v}.",
    ],
    next: &[
        "{o} will {v} by {d}.",
        "Next up, {o} has to {v} before {d}.",
        "{o} is going to {v} on {d}.",
        "To do: {o} should {v}, {d} at the latest.",
        "After that {o} needs to {v}, we said {d}.",
        "I asked {o} to {v} until {d}.",
        "Remind me that {o} is supposed to {v} on {d}.",
    ],
    errors: &[
        "Now I'm getting {v} when I run it.",
        "It failed with `{v}`.",
        "The log says {v} and then it stops.",
        "It crashed again: {v}",
        "Same message as before: {v}",
    ],
    revisions: &[
        Revision { first: "The {t} is {v}.", later: "Actually the {t} is {w} now." },
        Revision { first: "We set the {t} to {v}.", later: "We changed the {t} to {w} yesterday." },
        Revision { first: "I think {t} was {v}.", later: "Correction: {t} is {w}, I looked it up." },
        Revision { first: "Let's say {t} is {v}.", later: "Make the {t} {w} instead of what I said." },
        Revision { first: "Currently {t} stands at {v}.", later: "Update: {t} went from {v} to {w}." },
        Revision { first: "Our {t} is {v} right now.", later: "The {t} is no longer {v}, it's {w}." },
    ],
};

/// What a person lets slip in an everyday conversation; the words in `[…]` are what must survive.
pub(crate) const SAID: &[&str] = &[
    "By the way, I graduated with a degree in [{work} studies] last year.",
    "I just got back from a [{n}-day] trip to [{city}].",
    "My commute is [{n} minutes] each way, so I listen to a lot of audiobooks.",
    "I bought a pair of [{colour} sneakers] yesterday.",
    "I've been using my [{brand}] for [{n} months] now.",
    "My sister [{name}] is getting married in [{month}].",
    "I recently adopted a cat named [{pet}].",
    "I used to work as a [{work}] before I moved to [{city}].",
    "I love [{food}], my whole family does.",
    "I'm allergic to [{food}], so keep that in mind.",
    "I spent [${price}] on a [{thing}] last week.",
    "I finished reading [{book}] on Sunday.",
    "I'm training for a 10K, my best time is [{n} minutes].",
    "My doctor, Dr. [{name}], told me to cut down on salt.",
    "We have [{n} chickens] in the backyard.",
    "I started taking [{craft}] classes in [{month}].",
    "I went to the [{club}] meeting with [{name}] last Friday.",
    "I prefer [{food}] over anything sweet.",
    "Also, my alarm goes off at [{hour}] every weekday.",
    "I inherited a [{colour} vase] from my aunt.",
    "I've visited [{city}] three times already.",
    "Speaking of which, I ordered a [{thing}] from [{brand}] and it still hasn't arrived.",
    "I watched [{book}] with my roommate and we both cried.",
    "My favourite spot is the [{club}] downtown.",
    "I painted my bedroom [{colour} grey] over the holidays.",
    "I've got [{n} meetings] on Tuesday, so mornings are bad.",
    "I volunteer at a [{work} shelter] every other weekend.",
    "My son turned [{n}] in [{month}].",
    "I'm originally from [{city}], but I've lived here since [{year}].",
    "I lost my [{thing}] at the airport, sadly.",
];

/// What only an answer says.
pub(crate) const ANSWERED: &[&str] = &[
    "1. **[{name}'s Trattoria]**: a family-run restaurant with a lovely terrace in {city}.",
    "The book was first published in [{year}] and has been in print since.",
    "I would recommend the [{brand} {n}00], which fits your needs well.",
    "You will need about [{n} cups] of flour for this quantity.",
    "The drive from there takes about [{n} minutes] without traffic.",
    "3. **[{club} of {city}]** - open on weekends, with guided tours.",
    "A good author to start with is [{name} {name}].",
    "The colour of the door in that story is [{colour} gold].",
];

/// What an everyday conversation is made of otherwise, on the person's side.
pub(crate) const CHATTER: &[&str] = &[
    "Thanks, that's really helpful!",
    "Can you give me some tips for getting started?",
    "That sounds great, I'll definitely try that.",
    "What else should I keep in mind?",
    "Do you have any other suggestions?",
    "Can you recommend some good resources on that?",
    "I'm thinking of trying something new this weekend.",
    "I'm looking for some advice on how to stay motivated.",
    "How long does it usually take?",
    "Can you explain that in more detail?",
    "I think I'll start with the first one.",
    "What are the benefits of doing it that way?",
    "Please continue.",
    "Can you make it shorter?",
    "Write me a short paragraph about that.",
    "I'm not sure where to start, to be honest.",
    "What's the difference between the two?",
    "I want to plan a nice dinner for the family, any ideas?",
    "That makes sense.",
    "I'll check those out.",
];
