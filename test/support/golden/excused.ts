const self = 'a person calls for themselves with a delegated token, which no user flow needs';
const licences = 'licences belong to the cloud';
const activity = 'the last sign-in is read from auditLogs/signIns';
const selected = 'the page shows members that the same page calls returned only with $select';
const single = 'the page answers one entity as a list';
const choices = 'a text box has no values to choose from (contract a.3)';
const renamed = 'the type is written by its later name (contract e, row 2)';
const accepted = 'the example is of a guest who has accepted before';
const named = 'a new service principal has the name of its application; the page shows another one';
const essentials =
  'the page of beta shows members beyond the essentials of the log (contract a.12); the list of v1.0 is replayed';
const misspelt = 'the page misspells the name of the set in its context';
const withId =
  'the page of 2020 replaces a listener at the address of the collection; the later one at its own (contract e, row 73)';

/**
 * Examples of the public reference that cannot hold here, each with its reason: a page contradicts another one or shows what is outside
 * of user flows. Nothing else may be listed.
 */
export const excused: Readonly<Record<string, string>> = {
  'beta/2020-11-actions/authenticationeventspolicy-put-onsignupstart#1': withId,
  'beta/2020-12-listeners/authenticationlistener-put#1': withId,
  'beta/2020-11-actions/identityuserflow-post-userflows#1':
    'a flow without a name cannot be addressed (contract e, row 34)',
  'beta/2020-11-actions/authenticationaction-get#2': renamed,
  'beta/2020-11-actions/authenticationaction-list#1': renamed,
  'beta/2020-11-actions/authenticationaction-list#2': renamed,
  'beta/invitation-post#1': accepted,
  'v1.0/invitation-post#1': accepted,
  'beta/organization-get#1': licences,
  'beta/organization-list#1': licences,
  'v1.0/organization-get#1': licences,
  'v1.0/organization-list#1': licences,
  'v1.0/serviceprincipal-get#1': 'names of federations in the cloud',
  'beta/serviceprincipal-post-serviceprincipals#1': named,
  'v1.0/serviceprincipal-post-serviceprincipals#1': named,
  'beta/serviceprincipal-list#3': misspelt,
  'v1.0/serviceprincipal-list#3': misspelt,
  'v1.0/userflowlanguagepage-get#1':
    "the page shows the service's own texts; the default texts here are those of our pages",
  'beta/identityuserflowattributeassignment-get#1': choices,
  'beta/identityuserflowattributeassignment-get#2': choices,
  'v1.0/identityuserflowattributeassignment-get#1': choices,
  'v1.0/identityuserflowattributeassignment-get#2': choices,
  'v1.0/customauthenticationextension-validateauthenticationconfiguration#2':
    'an extension whose resource id has the wrong format cannot be created here',
  'beta/directoryaudit-get#1': single,
  'v1.0/directoryaudit-get#1': single,
  'beta/signin-get#1': essentials,
  'v1.0/signin-get#1': single,
  'beta/signin-list#1': essentials,
  'beta/signin-list#2': essentials,
  'beta/user-changepassword#1': self,
  'v1.0/user-changepassword#1': self,
  'beta/user-get#1': self,
  'v1.0/user-get#2': self,
  'beta/user-invalidateallrefreshtokens#1': self,
  'beta/user-revokesigninsessions#1': self,
  'v1.0/user-revokesigninsessions#1': self,
  'beta/user-update#1': self,
  'v1.0/user-update#1': self,
  'beta/user-list#1': selected,
  'v1.0/user-list#1': selected,
  'beta/user-list#7': selected,
  'v1.0/user-list#4': selected,
  'beta/user-list#9': selected,
  'v1.0/user-list#6': selected,
  'beta/user-list#10': selected,
  'v1.0/user-list#7': selected,
  'beta/user-list#3': activity,
  'beta/user-list#4': activity,
  'beta/user-list#5': activity,
  'beta/user-list#11': licences,
  'v1.0/user-list#8': licences,
  'beta/user-post-users#1': 'the answer shows a given name, a job and a phone number that the request does not send',
  'v1.0/user-post-users#1': 'the answer shows a given name, a job and a phone number that the request does not send',
};
